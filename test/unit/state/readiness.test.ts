import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../../../src/state/cache.ts';
import { Readiness } from '../../../src/state/readiness.ts';
import { resultOf } from '../../support/fake-probe.ts';
import { batch } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const START_MS = 5000;
const one = target('http://one/', { timeoutMs: 1000 });
const two = target('http://two/', { timeoutMs: 2000 });

function cacheWith(...probed: (typeof one)[]): Cache {
  const cache = new Cache();
  cache.setTargets([one, two]);
  const results = probed.map((its) => resultOf(its, { result: 'internal_error' }));
  cache.record(batch(results), START_MS);
  return cache;
}

const cases = [
  { name: 'nothing is known yet', probed: [], afterMs: 10, ready: false },
  { name: 'one target has no result yet', probed: [one], afterMs: 10, ready: false },
  { name: 'every target has a result', probed: [one, two], afterMs: 10, ready: true },
  { name: 'a first deadline has passed and the rest has results', probed: [two], afterMs: 1010, ready: true },
  { name: 'one first deadline has not passed', probed: [], afterMs: 1990, ready: false },
  { name: 'all first deadlines have passed', probed: [], afterMs: 2010, ready: true },
];
for (const { name, probed, afterMs, ready } of cases) {
  test(`readiness: ${ready ? 'ready' : 'not ready'} when ${name}`, () => {
    const readiness = new Readiness([one, two], START_MS);
    assert.equal(readiness.isReady(cacheWith(...probed), START_MS + afterMs), ready);
  });
}

test('readiness: without targets it is there at once', () => {
  assert.equal(new Readiness([], START_MS).isReady(new Cache(), START_MS), true);
});

test('readiness: it stays through a reload that brings targets without results', () => {
  const readiness = new Readiness([one, two], START_MS);
  const cache = cacheWith(one, two);
  assert.equal(readiness.isReady(cache, START_MS), true);
  cache.setTargets([target('http://three/')]);
  assert.equal(readiness.isReady(cache, START_MS), true);
});
