import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESULTS } from '../../../src/probe/result.ts';
import { HISTORY_LENGTH, History } from '../../../src/state/history.ts';
import { resultOf } from '../../support/fake-probe.ts';
import { target } from '../../support/target.ts';

const one = target('http://one/');

test('history: it is empty before the first result', () => {
  assert.deepEqual(new History().entries(), []);
});

test('history: the last 60 results stay, the oldest first', () => {
  const history = new History();
  for (let responseMs = 0; responseMs < 2 * HISTORY_LENGTH + 5; responseMs += 1) {
    history.record(resultOf(one, { responseMs }));
    const times = history.entries().map((past) => past.responseMs);
    const first = Math.max(0, responseMs + 1 - HISTORY_LENGTH);
    assert.deepEqual(
      times,
      Array.from({ length: responseMs + 1 - first }, (_, index) => first + index),
    );
  }
});

test('history: every result comes back by its name, and no response time is not 0', () => {
  const history = new History();
  const names = Object.keys(RESULTS);
  for (const result of ['auth_error', 'success'] as const) history.record(resultOf(one, { result }));
  history.record(resultOf(one, { result: 'internal_error', responseMs: 0 }));
  assert.deepEqual(history.entries(), [
    { result: 'auth_error', responseMs: undefined },
    { result: 'success', responseMs: undefined },
    { result: 'internal_error', responseMs: 0 },
  ]);
  assert.ok(names.length < 256, 'a result is kept in a byte');
});
