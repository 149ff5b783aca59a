import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown, textTable } from '../../bench/report.ts';
import { histogram, median, quantile } from '../../bench/statistics.ts';

test('benchmark, table: columns of all rows, numbers to the right, what is absent is empty', () => {
  const rows = [
    { prober: 'ours', us: 412.4 },
    { prober: 'theirs', us: 3.25, more: 7 },
  ];
  assert.equal(
    textTable(rows),
    [
      '| prober |   us | more |',
      '| ------ | ---: | ---: |',
      '| ours   |  412 |      |',
      '| theirs | 3.25 |    7 |',
      '',
    ].join('\n'),
  );
});

for (const { value, expected } of [
  { value: 1234.56, expected: '1235' },
  { value: 12.345, expected: '12.3' },
  { value: 0.126, expected: '0.13' },
  { value: 0.0021, expected: '0.0021' },
  { value: 3, expected: '3' },
  { value: Number.NaN, expected: '-' },
]) {
  test(`benchmark, table: ${value} is shown as ${expected}`, () => assert.equal(shown(value), expected));
}

test('benchmark, statistics: the median of an even number of values is between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
  assert.ok(Number.isNaN(median([])));
});

test('benchmark, statistics: p99 of a hundred values is the largest but none', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(quantile(values, 0.99), 100);
  assert.equal(quantile(values, 0.5), 51);
  assert.equal(quantile(values, 1), 100);
});

test('benchmark, statistics: each value is counted in the first part of the scale that holds it', () => {
  const counts = histogram([-1, 0.25, 0.3, 40]);
  assert.equal(counts['<= 0.25'], 2);
  assert.equal(counts['<= 0.5'], 1);
  assert.equal(counts['<= Infinity'], 1);
});
