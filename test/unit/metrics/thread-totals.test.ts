import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Threads } from '../../../src/metrics/threads.ts';
import { nowMs } from '../../../src/runtime/clock.ts';
import { sortedSamples } from '../../support/exposition.ts';
import { scraped } from '../../support/scrape.ts';

test('threads: the delay is the largest of the last minute, garbage collection adds up, the heap is the latest', () => {
  const threads = new Threads();
  threads.record('probing', { loopDelayMs: 50, gcMs: 3, heapUsedBytes: 900 }, 1000);
  threads.record('probing', { loopDelayMs: 20, gcMs: 4, heapUsedBytes: 700 }, 31_000);
  threads.record('main', { loopDelayMs: 1, gcMs: 0, heapUsedBytes: 100 }, 31_000);
  const probing = { loopDelayMs: 50, gcMs: 7, heapUsedBytes: 700 };
  const main = { loopDelayMs: 1, gcMs: 0, heapUsedBytes: 100 };
  assert.deepEqual(Object.fromEntries(threads.facts(40_000)), { probing, main });
  assert.equal(threads.facts(70_000).get('probing')?.loopDelayMs, 20);
});

test('threads: a thread that was not heard of has no series', async () => {
  const threads = new Threads();
  threads.record('main', { loopDelayMs: 1500, gcMs: 2, heapUsedBytes: 3 }, nowMs());
  const { scrape } = scraped([], { threads });
  assert.deepEqual(
    sortedSamples(await scrape()).filter((line) => line.includes('thread=')),
    [
      'external_url_exporter_event_loop_delay_seconds{thread="main"} 1.5',
      'external_url_exporter_gc_seconds_total{thread="main"} 0.002',
      'external_url_exporter_heap_used_bytes{thread="main"} 3',
    ],
  );
});
