import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fate, MORTAL_THREAD, strike } from '../support/fate.ts';
import { httpServer } from '../support/http-server.ts';
import { runningApp, type Series, seriesAbout } from '../support/running-app.ts';
import { target } from '../support/target.ts';
import { until } from '../support/until.ts';

const DEATHS: readonly [fate: Fate, told: readonly string[]][] = [
  ['throws', ['the probing thread failed', 'the probing thread ended with code 1, starting it again']],
  ['exits', ['the probing thread ended with code 7, starting it again']],
];

for (const [fate, told] of DEATHS) {
  test(`thread: one that ${fate} is told of and started again, and results come as before`, async () => {
    await using server = await httpServer();
    const url = server.url();
    await using run = await runningApp([target(url)], { entry: MORTAL_THREAD });
    const successes = (series: Series) => seriesAbout(url, series).get('probes_total{result="success"}') ?? 0;
    await run.scrapeUntil((series) => successes(series) >= 1, 'it was probed');
    strike(fate);
    await until(() => run.log.lines.length === told.length, 'the end of the thread is logged');
    const before = successes(await run.scrape());
    assert.ok(before >= 1, 'the counters go on');
    assert.equal(await run.status('/-/healthy'), 200);
    const after = await run.scrapeUntil((series) => successes(series) > before, 'it is probed again');
    assert.equal(seriesAbout(url, after).get('up'), 1);
    assert.equal(seriesAbout(url, after).get('failures_total'), 0);
    const faults = run.log.lines.map(({ level, text, fields: { err } }) => {
      assert.deepEqual([level, text], ['error', 'probing has a fault']);
      return err instanceof Error ? err.message : err;
    });
    assert.deepEqual(faults, told);
  });
}
