import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import { DurationHistogram } from '../../../../src/metrics/histogram.ts';
import { withStartTimes } from '../../../../src/metrics/otlp/start-time.ts';
import { batch, resultOf, scraped } from '../../../support/scrape.ts';
import { target } from '../../../support/target.ts';

const TARGET = target('http://a.test/');
const START_MS = 2_000_000_000_900;

type Times = { readonly name: string; readonly startMs: number; readonly endMs: number };

/** The start and end times that a push of one target would have, counters and histogram. */
function pushed(): () => Promise<readonly Times[]> {
  const { cache, collect } = scraped([TARGET], { ownMetrics: [] });
  const histogram = new DurationHistogram([100]);
  return async () => {
    const result = resultOf(TARGET);
    cache.record(batch([result]), result.endedMs);
    for (const state of cache.states()) histogram.record(state, result);
    const pages = [await collect(), await histogram.collect()];
    const metrics = pages
      .flatMap(({ resourceMetrics }) => resourceMetrics.scopeMetrics)
      .flatMap((scope) => withStartTimes(scope).metrics);
    return metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ startTime, endTime }) => {
        return { name, startMs: hrTimeToMilliseconds(startTime), endMs: hrTimeToMilliseconds(endTime) };
      }),
    );
  };
}

const setBack: readonly [what: string, ms: number][] = [
  ['by a day', 86_400_000],
  ['within a second', 600],
];

for (const [what, ms] of setBack) {
  test(`start times: after the wall clock was set back ${what} nothing starts after its end, or twice`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: START_MS });
    const times = pushed();
    await times();
    const starts = new Map<string, number>();
    for (const afterMs of [-ms, 100 - ms, 0, ms]) {
      t.mock.timers.setTime(START_MS + afterMs);
      for (const { name, startMs, endMs } of await times()) {
        assert.equal(endMs, START_MS + afterMs);
        assert.ok(startMs <= endMs, `${name} starts ${startMs - endMs} ms after its end`);
        if (!/probes|failures|duration/.test(name)) continue;
        assert.equal(startMs, starts.get(name) ?? startMs, name);
        starts.set(name, startMs);
      }
    }
    assert.equal(starts.size, 3);
  });
}
