import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundedDuration, formatDuration, INTERVAL, parseDuration } from '../../../src/target/duration.ts';

const cases: readonly [string, number | undefined][] = [
  ['500ms', 500],
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  ['2w', 1_209_600_000],
  ['1y', 31_536_000_000],
  ['0', 0],
  ['0s', 0],
  ['010s', 10_000],
  ['', undefined],
  ['10', undefined],
  ['1.5s', undefined],
  ['-1s', undefined],
  ['10S', undefined],
  ['10s1m', undefined],
  ['1 m', undefined],
  [' 1m', undefined],
  ['1m\n', undefined],
  ['9999999999999999999y', undefined],
];

for (const [text, ms] of cases) {
  test(`duration: ${JSON.stringify(text)} is ${ms === undefined ? 'none' : `${ms} ms`}`, () => {
    assert.equal(parseDuration(text), ms);
  });
}

test('duration: any number of milliseconds survives being written and read', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 12 }), (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)),
  );
});

test('duration: is written in the largest units', () => {
  assert.deepEqual([0, 1, 1800, 60_000, 90_061_001].map(formatDuration), [
    '0s',
    '1ms',
    '1s800ms',
    '1m',
    '25h1m1s1ms',
  ]);
});

test('duration: bounds are allowed themselves', () => {
  const found = ['99ms', '100ms', '24h', '24h1ms'].map((text) => boundedDuration(text, INTERVAL));
  assert.deepEqual(found, [undefined, 100, 86_400_000, undefined]);
});
