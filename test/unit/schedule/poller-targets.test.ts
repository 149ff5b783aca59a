import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakePoller } from '../../support/fake-probe.ts';
import { target } from '../../support/target.ts';

const MANY = 10_000;
const EVERY_SECOND = { intervalMs: 1000, timeoutMs: 900 };

test('poller: a kept target keeps its place and its running probe when others come and go', async () => {
  const { clock, poller, runs, results } = fakePoller(() => 300);
  const kept = target('http://kept/', EVERY_SECOND);
  poller.setTargets([kept, target('http://old/', EVERY_SECOND)], MANY);
  for (let round = 0; round < 200; round++) {
    await clock.pass(100);
    poller.setTargets([kept, target(`http://new/${round}`, EVERY_SECOND)], MANY);
  }
  const starts = runs.filter((run) => run.target.url === kept.url).map(({ startMs }) => startMs);
  const [, second = 0, ...rest] = starts;
  assert.deepEqual(
    rest,
    rest.map((_, i) => second + (i + 1) * 1000),
  );
  assert.ok(results.filter(({ key }) => key === kept.key).length >= 19);
  assert.equal(poller.takeReport().skipped, 0);
});

test('poller: the result of a target that was removed while its probe ran is dropped', async () => {
  const { clock, poller, runs, results } = fakePoller(() => 300);
  poller.setTargets([target('http://removed/', EVERY_SECOND)], MANY);
  await clock.pass(10);
  poller.setTargets([], MANY);
  assert.equal(poller.takeReport().inFlight, 1);
  await clock.pass(10_000);
  assert.equal(runs.length, 1);
  assert.deepEqual(results, []);
  assert.equal(poller.takeReport().inFlight, 0);
});

test('poller: a target that comes back while its old probe runs is not probed twice at once', async () => {
  const { clock, poller, runs } = fakePoller(() => 300);
  const returning = target('http://returns/', EVERY_SECOND);
  poller.setTargets([returning], MANY);
  await clock.pass(10);
  poller.setTargets([], MANY);
  await clock.pass(10);
  poller.setTargets([returning], MANY);
  await clock.pass(200);
  assert.equal(runs.length, 1);
  await clock.pass(2000);
  assert.ok(runs.length >= 2);
});

test('poller: changed settings hold from the next probe on', async () => {
  const { clock, poller, runs } = fakePoller(() => 300);
  const before = target('http://a/', EVERY_SECOND);
  const after = target('http://a/', { ...EVERY_SECOND, method: 'HEAD' });
  poller.setTargets([before], MANY);
  await clock.pass(10);
  poller.setTargets([after], MANY);
  await clock.pass(2000);
  assert.deepEqual(
    runs.slice(0, 2).map((run) => run.target.method),
    ['GET', 'HEAD'],
  );
});

test('poller: a target whose interval changes goes to its place in the new one at once', async () => {
  const { clock, poller, runs } = fakePoller(() => 10);
  poller.setTargets([target('http://a/', { intervalMs: 86_400_000 })], MANY);
  await clock.pass(10_000);
  const before = runs.length;
  poller.setTargets([target('http://a/', EVERY_SECOND)], MANY);
  await clock.pass(3000);
  assert.equal(runs.length, before + 3);
});

test('poller: stopped, it starts nothing more, reports nothing more and leaves no timer', async () => {
  const { clock, poller, runs, results } = fakePoller(() => 300);
  poller.setTargets([target('http://a/', EVERY_SECOND), target('http://b/', EVERY_SECOND)], 1);
  await clock.pass(10);
  poller.stop();
  await clock.pass(10_000);
  assert.equal(runs.length, 1);
  assert.deepEqual(results, []);
  assert.equal(clock.timers, 0);
});
