import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysBetween, formatAge, formatResponseTime } from '../../../../src/web/status/format.ts';

const DAY_MS = 86_400_000;

const lengths: readonly [ms: number, words: string][] = [
  [-5, '0 s'],
  [0, '0 s'],
  [1499, '1 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '119 min'],
  [7_200_000, '2 h'],
  [2 * DAY_MS, '2 d'],
  [400 * DAY_MS, '400 d'],
];
for (const [ms, words] of lengths) {
  test(`format: ${ms} ms are ${words}`, () => assert.equal(formatAge(ms), words));
}

const durations: readonly [ms: number, words: string][] = [
  [0, '0.0 ms'],
  [9.94, '9.9 ms'],
  [9.95, '10 ms'],
  [123.4, '123 ms'],
  [9949, '9949 ms'],
  [9950, '9.9 s'],
  [61_000, '61.0 s'],
];
for (const [ms, words] of durations) {
  test(`format: a response of ${ms} ms took ${words}`, () => assert.equal(formatResponseTime(ms), words));
}

test('format: days are whole ones, both ways', () => {
  const days = [0.9, 1, 1.9, -0.9, -1.5].map((length) => daysBetween(0, length * DAY_MS));
  assert.deepEqual(days, [0, 1, 1, 0, -1]);
});
