import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatStatus, parseStatus } from '../../../../src/config/schema/status.ts';

const cases: readonly [string | number, readonly [number, number] | undefined][] = [
  [200, [200, 200]],
  ['200', [200, 200]],
  ['2xx', [200, 299]],
  ['4XX', [400, 499]],
  ['300-302', [300, 302]],
  ['200-200', [200, 200]],
  [99, undefined],
  [1000, undefined],
  [200.5, undefined],
  ['302-300', undefined],
  ['0xx', undefined],
  ['xx', undefined],
  ['200-', undefined],
  ['', undefined],
  [Number.NaN, undefined],
];

for (const [value, range] of cases) {
  test(`status: ${JSON.stringify(value)} is ${range === undefined ? 'none' : range.join(' to ')}`, () => {
    assert.deepEqual(parseStatus(value), range);
  });
}

test('status: any range survives being written and read', () => {
  const code = fc.integer({ min: 100, max: 999 });
  fc.assert(
    fc.property(code, code, (a, b) => {
      const range = [Math.min(a, b), Math.max(a, b)] as const;
      assert.deepEqual(parseStatus(formatStatus(range)), range);
    }),
  );
});
