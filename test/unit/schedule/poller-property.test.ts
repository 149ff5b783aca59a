import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextPlaceMs, placeOf } from '../../../src/schedule/place.ts';
import type { Target } from '../../../src/target/target.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakePoller, type Run } from '../../support/fake-probe.ts';
import { runs } from '../../support/fuzz.ts';
import { target } from '../../support/target.ts';

const LASTS_MS = 20_000;

// Up to three times the interval: a probe should end by its timeout and 100 ms, the schedule must hold even so.
const plan = fc
  .record({
    intervalMs: fc.integer({ min: 100, max: 3000 }),
    timeoutPart: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  .chain(({ intervalMs, timeoutPart }) =>
    fc.record({
      intervalMs: fc.constant(intervalMs),
      timeoutMs: fc.constant(Math.ceil(intervalMs * timeoutPart)),
      durationsMs: fc.array(fc.integer({ min: 0, max: 3 * intervalMs }), { minLength: 1, maxLength: 20 }),
    }),
  );
const plans = fc.array(plan, { minLength: 1, maxLength: 8 });

function neverTwoAtOnce(runs: readonly Run[]): void {
  runs.reduce((before, run) => {
    assert.ok(
      run.startMs >= before.endMs,
      `began at ${run.startMs}, the one before ended at ${before.endMs}`,
    );
    return run;
  });
}

// Each start but the first is at a place, or at the end of the probe before, which ran over one.
function neverADrift(runs: readonly Run[], one: Target, wallAheadMs: number): void {
  const place = placeOf(one.key);
  runs.slice(1).forEach(({ startMs }, i) => {
    const atPlace = nextPlaceMs(place, one.intervalMs, startMs + wallAheadMs) === startMs + wallAheadMs;
    assert.ok(atPlace || startMs === runs[i]?.endMs, `${startMs} is no place of ${one.url}`);
  });
}

test('poller: whatever intervals and durations, never two at once, never a drift, every place probed or counted', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (settings) => {
      const clock = new FakeClock();
      const targets = settings.map((own, i) => target(`http://a/${i}`, own));
      const runsOf = new Map<string, number>();
      const { poller, runs } = fakePoller(({ key }) => {
        const count = runsOf.get(key) ?? 0;
        runsOf.set(key, count + 1);
        const durations = settings[targets.findIndex((one) => one.key === key)]?.durationsMs ?? [];
        return durations[count % durations.length] ?? 0;
      }, clock);
      const wallAheadMs = clock.wallMs() - clock.nowMs();
      poller.setTargets(targets, targets.length);
      await clock.pass(LASTS_MS);
      let places = 0;
      for (const one of targets) {
        const own = runs.filter((run) => run.target.key === one.key);
        neverTwoAtOnce(own);
        neverADrift(own, one, wallAheadMs);
        const firstMs = (own[0]?.startMs ?? 0) + wallAheadMs + one.timeoutMs;
        const from = nextPlaceMs(placeOf(one.key), one.intervalMs, firstMs);
        const until = clock.wallMs();
        places += from > until ? 0 : 1 + Math.floor((until - from) / one.intervalMs);
      }
      const { skipped } = poller.takeReport();
      const served = runs.length - targets.length + skipped;
      // A place that waits for the end of a probe is neither yet.
      assert.ok(served <= places && served >= places - 4 * targets.length, `${served} of ${places} places`);
    }),
    runs(30),
  );
});
