import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deadline } from '../../../src/probe/deadline.ts';
import { Failure } from '../../../src/probe/failure.ts';

const TIMEOUT_MS = 600;

const stalls: readonly [what: string, fromMs: number, toMs: number, result: string][] = [
  ['ends long after the deadline', 550, 800, 'internal_error'],
  ['takes up the end of its time', 100, 650, 'internal_error'],
  ['is over by then', 100, 400, 'response_timeout'],
  ['is as short as any work', 570, 630, 'response_timeout'],
];

for (const [what, fromMs, toMs, result] of stalls) {
  test(`deadline: without an answer, and with a stall of our loop that ${what}, the result is ${result}`, async () => {
    const deadline = new Deadline(TIMEOUT_MS);
    const startMs = performance.now();
    setTimeout(() => {
      while (performance.now() < startMs + toMs);
    }, fromMs);
    const outcome = await deadline.run('response_timeout', () => () => undefined);
    deadline.stop();
    assert.ok(outcome instanceof Failure);
    assert.equal(outcome.result, result, outcome.reason);
  });
}

const loads: readonly [what: string, restMs: number, result: string][] = [
  ['never rests', 0, 'internal_error'],
  ['rests after each of its turns', 20, 'response_timeout'],
];

for (const [what, restMs, result] of loads) {
  test(`deadline: without an answer, and with a loop that ${what}, the result is ${result}`, async () => {
    const deadline = new Deadline(TIMEOUT_MS);
    const endMs = performance.now() + TIMEOUT_MS + 100;
    const turn = () => {
      const busyUntilMs = performance.now() + 20;
      while (performance.now() < busyUntilMs);
      if (busyUntilMs > endMs) return;
      if (restMs === 0) setImmediate(turn);
      else setTimeout(turn, restMs);
    };
    turn();
    const outcome = await deadline.run('response_timeout', () => () => undefined);
    deadline.stop();
    assert.ok(outcome instanceof Failure);
    assert.equal(outcome.result, result, outcome.reason);
  });
}
