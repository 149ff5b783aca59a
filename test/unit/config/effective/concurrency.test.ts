import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultConcurrency } from '../../../../src/config/effective/concurrency.ts';

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';

const cases: readonly [string, string, number][] = [
  [
    '80 % of the soft limit',
    `${HEAD}Max open files            1024                 524288               files     \n`,
    819,
  ],
  [
    'one at least',
    `${HEAD}Max open files            1                    1                    files     \n`,
    1,
  ],
  [
    '2000 if there is no limit',
    `${HEAD}Max open files            unlimited            unlimited            files     \n`,
    2000,
  ],
  ['2000 if the limit is not told', '', 2000],
];

for (const [name, limits, expected] of cases) {
  test(`concurrency: ${name}`, () => assert.equal(defaultConcurrency(limits), expected));
}

test('concurrency: is found on this machine', () => {
  assert.ok(defaultConcurrency() >= 1);
});
