import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { httpServer } from '../support/http-server.ts';
import { type RunningApp, seriesAbout, startApp } from '../support/running-app.ts';
import { OFTEN, target } from '../support/target.ts';
import { BREAKABLE_WORKER, breakThread } from '../support/thread-control.ts';
import { until, untilAnswer } from '../support/until.ts';

const STALLED_MS = 10_000;

async function untilHealthIs(run: RunningApp, status: number): Promise<void> {
  await untilAnswer(
    () => run.status('/-/healthy'),
    (found) => found === status,
    `/-/healthy is ${status}`,
  );
}

test('readiness: it comes with the result of the last target, and /metrics is served before', async () => {
  const held: ServerResponse[] = [];
  await using slow = await httpServer((_request, response) => held.push(response));
  await using fast = await httpServer();
  await using run = await startApp([target(fast.url()), target(slow.url())]);
  assert.equal(await run.status('/-/ready'), 503);
  await run.scrapeUntil((series) => seriesAbout(fast.url(), series).get('up') === 1, 'the fast one is up');
  await until(() => held.length > 0, 'the slow one was asked');
  assert.equal(await run.status('/-/ready'), 503);
  assert.equal(await run.status('/-/healthy'), 200);
  held[0]?.end();
  const series = await run.scrapeUntil((found) => seriesAbout(slow.url(), found).has('up'), 'it was probed');
  assert.equal(seriesAbout(slow.url(), series).get('up'), 1);
  assert.equal(await run.status('/-/ready'), 200);
});

test('readiness: it waits for no target longer than its first deadline', async () => {
  await using server = await httpServer(() => {});
  await using run = await startApp([target(server.url(), { timeoutMs: 3000 })]);
  assert.equal(await run.status('/-/ready'), 503);
  await run.scrapeUntil((series) => seriesAbout(server.url(), series).get('up') === 0, 'the deadline passed');
  assert.equal(await run.status('/-/ready'), 200);
});

test('readiness: without targets it is there when the probing thread is, and /metrics describes the exporter', async () => {
  await using run = await startApp([]);
  await untilAnswer(
    () => run.status('/-/ready'),
    (status) => status === 200,
    'it is ready',
  );
  assert.equal((await run.scrape()).get('external_url_exporter_targets'), 0);
});

test('invariant 8, health: it is lost when probing has not been heard of for 10 s', async (t) => {
  await using server = await httpServer();
  await using run = await startApp([target(server.url(), OFTEN)], { entry: BREAKABLE_WORKER });
  await run.scrapeUntil((series) => seriesAbout(server.url(), series).get('up') === 1, 'it is up');
  breakThread('hangs');
  await run.scrapeUntil((series) => !seriesAbout(server.url(), series).has('up'), 'it hangs');
  assert.equal(await run.status('/-/healthy'), 200);
  const realNow = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => realNow() + STALLED_MS);
  assert.equal(await run.status('/-/healthy'), 503);
  assert.equal(await run.status('/-/ready'), 200);
  assert.equal(await run.status('/metrics'), 200);
});

test('health: probing that stands still for 11 s costs it, and it comes back with the probes', async () => {
  await using server = await httpServer();
  await using run = await startApp([target(server.url(), OFTEN)], { entry: BREAKABLE_WORKER });
  await run.scrapeUntil((series) => seriesAbout(server.url(), series).get('up') === 1, 'it is up');
  breakThread('stands still for 11 s');
  await run.scrapeUntil((series) => !seriesAbout(server.url(), series).has('up'), 'it stands still');
  assert.equal(await run.status('/-/healthy'), 200);
  await untilHealthIs(run, 503);
  assert.equal(await run.status('/metrics'), 200);
  await untilHealthIs(run, 200);
  const after = await run.scrapeUntil(
    (series) => seriesAbout(server.url(), series).get('up') === 1,
    'up again',
  );
  assert.equal(seriesAbout(server.url(), after).get('failures_total'), 0);
  const warnings = run.log.lines.filter(({ text }) => text.startsWith('probing stood still for '));
  assert.deepEqual(
    warnings.map(({ level }) => level),
    ['warn'],
  );
});

test('health: targets that hang do not cost it', async (t) => {
  await using server = await httpServer(() => {});
  const targets = Array.from({ length: 20 }, (_, n) => target(server.url(`/${n}`), { timeoutMs: 60_000 }));
  await using run = await startApp(targets, { concurrency: 10 });
  await until(() => server.requests.length === 10, 'as many hang as may run at once');
  const realNow = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => realNow() + STALLED_MS);
  // The signs of life of the thread go on.
  await until(() => run.log.lines.length > 0, 'the limit is logged');
  assert.match(run.log.lines[0]?.text ?? '', /^10 probes run at once, the limit/);
  await untilHealthIs(run, 200);
});
