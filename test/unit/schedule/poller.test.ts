import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDelayMs, nextPlaceMs, placeOf } from '../../../src/schedule/place.ts';
import { Poller } from '../../../src/schedule/poller.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakePoller, type Run } from '../../support/fake-probe.ts';
import { target } from '../../support/target.ts';

const MANY = 10_000;

function startsOf(runs: readonly Run[], url: string): number[] {
  return runs.filter((run) => run.target.url === url).map(({ startMs }) => startMs);
}

function manyTargets(count: number, intervalMs = 10_000) {
  return Array.from({ length: count }, (_, i) =>
    target(`http://a/${i}`, { intervalMs, timeoutMs: intervalMs }),
  );
}

test('poller: the first round begins at once and takes at most a second per 1000 targets', async () => {
  const { clock, poller, runs } = fakePoller();
  poller.setTargets(manyTargets(500), MANY);
  const startMs = clock.nowMs();
  await clock.pass(500);
  assert.equal(runs.length, 500);
  assert.ok(runs.every((run) => run.startMs - startMs < 500));
  const firstHalf = runs.filter((run) => run.startMs - startMs < 250).length;
  assert.ok(Math.abs(firstHalf - 250) < 50, `${firstHalf} of 500 in the first half`);
});

test('poller: after the first probe a target keeps its fixed places at a fixed rate', async () => {
  const { clock, poller, runs } = fakePoller(() => 70);
  const one = target('http://a/', { intervalMs: 1000, timeoutMs: 900 });
  poller.setTargets([one], MANY);
  await clock.pass(60_000);
  const [first = 0, second = 0, ...rest] = startsOf(runs, 'http://a/');
  const wallAheadMs = clock.wallMs() - clock.nowMs();
  assert.equal(second + wallAheadMs, nextPlaceMs(placeOf(one.key), 1000, first + wallAheadMs + 900));
  assert.deepEqual(
    rest,
    rest.map((_, i) => second + (i + 1) * 1000),
  );
  assert.ok(rest.length >= 57);
  assert.deepEqual(poller.takeReport(), { inFlight: 0, skipped: 0, lagMs: 0, warnings: [] });
});

test('poller: a restart does not move the places, a jump of the wall clock does not either', async () => {
  const one = target('http://a/', { intervalMs: 10_000, timeoutMs: 1000 });
  const phases: number[] = [];
  for (const wallMs of [1_700_000_000_000, 1_700_000_123_456]) {
    const clock = new FakeClock(wallMs);
    const { poller, runs } = fakePoller(() => 10, clock);
    poller.setTargets([one], MANY);
    const wallAheadMs = clock.wallMs() - clock.nowMs();
    await clock.pass(30_000);
    clock.setWall(3_333_333);
    await clock.pass(30_000);
    phases.push(...runs.slice(1).map(({ startMs }) => (startMs + wallAheadMs) % 10_000));
  }
  assert.ok(phases.length >= 8);
  assert.deepEqual(new Set(phases), new Set([Math.floor(placeOf(one.key) * 10_000)]));
});

for (const { name, timeoutMs } of [
  { name: 'far from its deadline', timeoutMs: 5000 },
  { name: 'long past its deadline', timeoutMs: 300 },
]) {
  test(`poller: a probe that still runs when the next is due, ${name}, costs that one place`, async () => {
    const { clock, poller, runs } = fakePoller(() => 1500);
    poller.setTargets([target('http://slow/', { intervalMs: 1000, timeoutMs })], MANY);
    await clock.pass(20_000);
    // Whatever the first probe hid, from the second on every other place is left out.
    const [, second = 0, ...rest] = startsOf(runs, 'http://slow/');
    assert.ok(rest.length >= 6);
    assert.deepEqual(
      rest,
      rest.map((_, i) => second + (i + 1) * 2000),
    );
    assert.ok(poller.takeReport().skipped >= rest.length);
    assert.equal(poller.takeReport().skipped, 0);
  });
}

test('poller: a probe in its last moments delays the next one, which then starts late but is not left out', async () => {
  const { clock, poller, runs } = fakePoller(() => 1040);
  const one = target('http://late/', { intervalMs: 1000, timeoutMs: 1000 });
  poller.setTargets([one], MANY);
  await clock.pass(3060);
  const [, second = 0, third = 0] = startsOf(runs, 'http://late/');
  assert.equal(third, second + 1040);
  const { lagMs, skipped } = poller.takeReport();
  assert.equal(lagMs, 40);
  assert.equal(skipped, 0);
});

test('poller: a hanging probe delays nobody else', async () => {
  const { clock, poller, runs } = fakePoller(({ url }) => (url === 'http://hangs/' ? 1e9 : 5));
  const settings = { intervalMs: 1000, timeoutMs: 900 };
  poller.setTargets([target('http://hangs/', settings), target('http://works/', settings)], MANY);
  await clock.pass(20_500);
  assert.equal(startsOf(runs, 'http://hangs/').length, 1);
  assert.ok(startsOf(runs, 'http://works/').length >= 20);
  const { lagMs, inFlight, skipped } = poller.takeReport();
  assert.equal(lagMs, 0);
  assert.equal(inFlight, 1);
  assert.ok(skipped >= 18, `${skipped} skipped`);
});

test('poller: at the limit, probes that are due wait in order, the lag shows it, and one warning is given', async () => {
  const { clock, poller, runs } = fakePoller(() => 400);
  poller.setTargets(manyTargets(8, 20_000), 2);
  await clock.pass(300);
  assert.equal(runs.length, 2);
  const limited = poller.takeReport();
  assert.equal(limited.inFlight, 2);
  assert.deepEqual(limited.warnings, [
    '2 probes run at once, the limit (concurrency): probes that are due wait',
  ]);
  await clock.pass(3000);
  assert.equal(runs.length, 8);
  const delays = runs.map((run) => firstDelayMs(placeOf(run.target.key), 8, 20_000));
  assert.deepEqual(
    delays,
    delays.toSorted((a, b) => a - b),
  );
  const { lagMs, skipped, warnings } = poller.takeReport();
  assert.ok(lagMs > 1190 && lagMs <= 1200, `lag ${lagMs}`);
  assert.equal(skipped, 0);
  assert.deepEqual(warnings, []);
});

test('poller: a target too slow for the limit gets its turn, and the places it missed are counted', async () => {
  const { clock, poller, runs } = fakePoller(() => 900);
  poller.setTargets(manyTargets(5, 1000), 1);
  await clock.pass(45_000);
  for (let i = 0; i < 5; i++) {
    const starts = startsOf(runs, `http://a/${i}`).length;
    assert.ok(starts >= 9, `http://a/${i} was probed ${starts} times`);
  }
  assert.ok(poller.takeReport().skipped > 150);
});

test('poller: when the loop stood still for long, what was missed is counted, shown as lag and skipped', async () => {
  const { clock, poller, runs } = fakePoller(() => 10);
  poller.setTargets(manyTargets(100, 1000), MANY);
  await clock.pass(5000);
  poller.takeReport();
  const before = runs.length;
  await clock.standStill(30_000);
  assert.equal(runs.length, before);
  await clock.pass(999);
  assert.equal(runs.length, before + 100);
  const { skipped, lagMs } = poller.takeReport();
  assert.ok(skipped >= 2900 && skipped <= 3100, `${skipped} skipped`);
  assert.ok(lagMs > 29_000 && lagMs <= 30_000, `a lag of ${lagMs} ms`);
  await clock.pass(5000);
  assert.equal(poller.takeReport().lagMs, 0);
});

test('poller: after a short stall every probe that is due starts, a few at a time', async () => {
  const { clock, poller, runs } = fakePoller(() => 500);
  poller.setTargets(manyTargets(1000), MANY);
  await clock.pass(30_000);
  const before = runs.length;
  await clock.standStill(900);
  const due = runs.length - before;
  await clock.pass(100);
  assert.ok(due <= 40, `${due} in the first moment`);
  assert.ok(runs.length - before > 60);
  assert.equal(poller.takeReport().skipped, 0);
});

test('poller: probes in flight while the loop stood still end as internal_error, later ones do not', async () => {
  const { clock, poller, results } = fakePoller(() => 500);
  const one = target('http://a/', { intervalMs: 60_000, timeoutMs: 5000 });
  poller.setTargets([one], MANY);
  await clock.pass(200);
  await clock.standStill(5000);
  assert.deepEqual(
    results.map(({ result, reason }) => ({ result, reason })),
    [{ result: 'internal_error', reason: 'the exporter itself stood still for 4900 ms' }],
  );
  assert.deepEqual(poller.takeReport().warnings, [
    'probing stood still for 4900 ms: the 1 probes in flight end as internal_error',
  ]);
  await clock.pass(120_000);
  assert.equal(results.at(-1)?.result, 'success');
});

test('poller: while it is seconds behind with its starts, the probes that it has started have their usual results', async () => {
  const { clock, poller, results } = fakePoller();
  poller.setTargets(manyTargets(5000), MANY);
  await clock.pass(500);
  await clock.standStill(3000);
  const ofTheStall = results.filter(({ result }) => result === 'internal_error').length;
  await clock.pass(2000);
  assert.equal(results.length, 5000);
  assert.equal(results.filter(({ result }) => result === 'internal_error').length, ofTheStall);
  assert.equal(poller.takeReport().warnings.length, 1);
});

test('poller: a probe that rejects is an internal_error with its message, and the loop goes on', async () => {
  const clock = new FakeClock();
  const results: unknown[] = [];
  const poller = new Poller({
    clock,
    probe: ({ url }) => (url === 'http://throws/' ? fail() : Promise.reject(new Error('a bug'))),
    onResult: ({ result, reason }) => results.push({ result, reason }),
  });
  function fail(): never {
    throw new Error('a bug');
  }
  const settings = { intervalMs: 1000, timeoutMs: 900 };
  poller.setTargets([target('http://rejects/', settings), target('http://throws/', settings)], MANY);
  await clock.pass(10_000);
  assert.ok(results.length >= 18);
  for (const result of results) assert.deepEqual(result, { result: 'internal_error', reason: 'a bug' });
  assert.equal(poller.takeReport().inFlight, 0);
});
