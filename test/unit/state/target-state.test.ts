import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFresh } from '../../../src/state/target-state.ts';
import { resultOf } from '../../support/fake-probe.ts';
import { target } from '../../support/target.ts';

const one = target('http://one/', { intervalMs: 1000, timeoutMs: 500 });

const ages = [
  { name: 'at its end', ageMs: 0, fresh: true },
  { name: '3 intervals and a timeout old', ageMs: 3500, fresh: true },
  { name: 'older than that', ageMs: 3501, fresh: false },
];
for (const { name, ageMs, fresh } of ages) {
  test(`invariant 7, freshness: a result ${name} is ${fresh ? '' : 'not '}exported`, () => {
    const latest = resultOf(one, { endedMs: 10_000 });
    assert.equal(isFresh({ target: one, latest }, 10_000 + ageMs), fresh);
  });
}

test('invariant 7, freshness: without a result there is nothing to export', () => {
  assert.equal(isFresh({ target: one, latest: undefined }, 0), false);
});
