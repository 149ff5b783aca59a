import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fate, MORTAL_THREAD, strike } from '../support/fate.ts';
import { httpServer } from '../support/http-server.ts';
import { runningApp, seriesAbout } from '../support/running-app.ts';
import { target } from '../support/target.ts';

const DEATHS: readonly [fate: Fate, told: readonly string[]][] = [
  ['throws', ['the probing thread failed', 'the probing thread ended with code 1, starting it again']],
  ['exits', ['the probing thread ended with code 7, starting it again']],
];

for (const [fate, told] of DEATHS) {
  test(`thread: one that ${fate} is told of and started again, and results come as before`, async () => {
    await using server = await httpServer();
    const url = server.url();
    const often = { intervalMs: 100, timeoutMs: 90 };
    await using run = await runningApp([target(url, often)], { entry: MORTAL_THREAD });
    const successes = 'probes_total{result="success"}';
    const before = await run.scrapeUntil(
      (series) => (seriesAbout(url, series).get(successes) ?? 0) >= 2,
      'it was probed twice',
    );
    strike(fate);
    await run.scrapeUntil((series) => !seriesAbout(url, series).has('up'), 'the last result is too old');
    assert.equal(await run.status('/-/healthy'), 200);
    const after = await run.scrapeUntil(
      (series) => seriesAbout(url, series).get('up') === 1,
      'it is up again',
    );
    const count = (series: typeof after) => seriesAbout(url, series).get(successes) ?? 0;
    assert.ok(count(after) > count(before), 'the counters go on');
    assert.equal(seriesAbout(url, after).get('failures_total'), 0);
    const faults = run.log.lines.map(({ level, text, fields: { err } }) => {
      assert.deepEqual([level, text], ['error', 'probing has a fault']);
      return err instanceof Error ? err.message : err;
    });
    assert.deepEqual(faults, told);
  });
}
