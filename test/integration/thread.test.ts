import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpServer } from '../support/http-server.ts';
import { type Series, seriesAbout, startApp } from '../support/running-app.ts';
import { target } from '../support/target.ts';
import { BREAKABLE_WORKER, type Breakage, breakThread } from '../support/thread-control.ts';
import { until } from '../support/until.ts';

const DEATHS: readonly [how: Breakage, lines: readonly string[]][] = [
  ['throws', ['the probing thread failed', 'the probing thread ended with code 1, starting it again']],
  ['exits', ['the probing thread ended with code 7, starting it again']],
];

for (const [how, lines] of DEATHS) {
  test(`thread: one that ${how} is logged and started again, and results come as before`, async () => {
    await using server = await httpServer();
    const url = server.url();
    await using run = await startApp([target(url)], { entry: BREAKABLE_WORKER });
    const successes = (series: Series) => seriesAbout(url, series).get('probes_total{result="success"}') ?? 0;
    await run.scrapeUntil((series) => successes(series) >= 1, 'it was probed');
    breakThread(how);
    await until(() => run.log.lines.length === lines.length, 'the end of the thread is logged');
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
    assert.deepEqual(faults, lines);
  });
}
