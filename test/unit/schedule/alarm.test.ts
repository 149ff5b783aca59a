import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Alarm } from '../../../src/schedule/alarm.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const rings: number[] = [];
  const stalls: number[] = [];
  const alarm = new Alarm(
    clock,
    () => rings.push(clock.nowMs()),
    (stalledMs) => stalls.push(stalledMs),
  );
  return { clock, alarm, rings, stalls };
}

test('alarm: what was due long ago rings at once, and being behind is not standing still', async () => {
  const { clock, alarm, rings, stalls } = setUp();
  const startedMs = clock.nowMs();
  alarm.set(startedMs - 5000, true);
  assert.equal(alarm.stalledMs(startedMs - 1), 0);
  await clock.pass(1);
  assert.deepEqual(rings, [startedMs + 1]);
  assert.equal(alarm.stalledMs(startedMs - 1), 0);
  assert.deepEqual(stalls, []);
});

test('alarm: a ring that comes more than a second late means that the loop stood still, once', async () => {
  const { clock, alarm, rings, stalls } = setUp();
  const startedMs = clock.nowMs();
  alarm.set(startedMs + 50, true);
  await clock.standStill(1500);
  assert.equal(rings.length, 1);
  assert.deepEqual(stalls, [1450]);
  assert.equal(alarm.stalledMs(startedMs), 1450);
  assert.equal(alarm.stalledMs(clock.nowMs()), 0);
});

for (const [isProbing, afterMs] of [
  [true, 100],
  [false, 1000],
] as const) {
  const when = isProbing ? 'with probes under way' : 'idle';
  test(`alarm: ${when} it rings after ${afterMs} ms at the latest, so that a stall shows`, async () => {
    const { clock, alarm, rings } = setUp();
    const startedMs = clock.nowMs();
    alarm.set(startedMs + 5000, isProbing);
    await clock.pass(afterMs - 1);
    assert.deepEqual(rings, []);
    await clock.pass(1);
    assert.deepEqual(rings, [startedMs + afterMs]);
  });
}
