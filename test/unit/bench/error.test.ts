import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsOf } from '../../bench/error.ts';

const SERVED = {
  '/slow/1': [
    [10_000, 100],
    [20_000, 101],
    [30_000, 102],
  ],
} as const;

const cases = [
  {
    name: 'each probe has its own answer',
    lastMs: 30_001,
    responseMs: [100.5, 101.5, 102.5],
    expected: [0.5, 0.5, 0.5],
  },
  {
    name: 'an answer that was not reported yet is left out',
    lastMs: 20_001,
    responseMs: [100.5, 101.5],
    expected: [0.5, 0.5],
  },
  {
    name: 'probes before the log began are left out',
    lastMs: 30_000,
    responseMs: [7, 8, 100.5, 101.5, 102.5],
    expected: [0.5, 0.5, 0.5],
  },
  {
    name: 'a probe without a response time has no error',
    lastMs: 30_000,
    responseMs: [100.5, null, 102.5],
    expected: [0.5, 0.5],
  },
  {
    name: 'an exporter that reported fewer is matched from the end',
    lastMs: 30_000,
    responseMs: [102.5],
    expected: [0.5],
  },
];

for (const { name, lastMs, responseMs, expected } of cases) {
  test(`benchmark, error of response times: ${name}`, () => {
    const past = [{ path: '/slow/1', lastMs, responseMs, failures: 0 }];
    assert.deepEqual(errorsOf(past, SERVED), expected);
  });
}

test('benchmark, error of response times: a target that the server does not know has none', () => {
  assert.deepEqual(errorsOf([{ path: '/slow/2', lastMs: 30_000, responseMs: [1], failures: 0 }], SERVED), []);
});
