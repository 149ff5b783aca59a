import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThreadTotals } from '../../../src/metrics/thread-totals.ts';
import { sortedSamples } from '../../support/exposition.ts';
import { scraped } from '../../support/scrape.ts';

test('thread totals: the delay is the largest of the last minute, garbage collection adds up, the heap is the latest', () => {
  const totals = new ThreadTotals();
  totals.record('probing', { loopDelayMs: 50, gcMs: 3, heapUsedBytes: 900 }, 1000);
  totals.record('probing', { loopDelayMs: 20, gcMs: 4, heapUsedBytes: 700 }, 31_000);
  totals.record('main', { loopDelayMs: 1, gcMs: 0, heapUsedBytes: 100 }, 31_000);
  const probing = { loopDelayMs: 50, gcMs: 7, heapUsedBytes: 700 };
  const main = { loopDelayMs: 1, gcMs: 0, heapUsedBytes: 100 };
  assert.deepEqual(Object.fromEntries(totals.figures(40_000)), { probing, main });
  assert.equal(totals.figures(70_000).get('probing')?.loopDelayMs, 20);
});

test('thread totals: only a thread that has reported has series', async () => {
  const totals = new ThreadTotals();
  totals.record('main', { loopDelayMs: 1500, gcMs: 2, heapUsedBytes: 3 }, 1000);
  const { scrape } = scraped([], { threads: totals.figures(1000) });
  assert.deepEqual(
    sortedSamples(await scrape()).filter((line) => line.includes('thread=')),
    [
      'external_url_exporter_event_loop_delay_seconds{thread="main"} 1.5',
      'external_url_exporter_gc_seconds_total{thread="main"} 0.002',
      'external_url_exporter_heap_used_bytes{thread="main"} 3',
    ],
  );
});
