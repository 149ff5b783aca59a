import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatSize, parseSize } from '../../../../src/config/schema/size.ts';

const cases: readonly [string, number | undefined][] = [
  ['1B', 1],
  ['512KiB', 524_288],
  ['10MiB', 10_485_760],
  ['1GiB', 1_073_741_824],
  ['1024MiB', 1_073_741_824],
  ['0B', undefined],
  ['2GiB', undefined],
  ['10', undefined],
  ['10MB', undefined],
  ['10mib', undefined],
  ['1.5MiB', undefined],
  ['-1B', undefined],
  ['', undefined],
  ['MiB', undefined],
];

for (const [text, bytes] of cases) {
  test(`size: ${JSON.stringify(text)} is ${bytes === undefined ? 'none' : `${bytes} bytes`}`, () => {
    assert.equal(parseSize(text), bytes);
  });
}

test('size: any size survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (bytes) =>
      assert.equal(parseSize(formatSize(bytes)), bytes),
    ),
  );
});
