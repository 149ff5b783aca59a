import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../../../src/state/cache.ts';
import { Readiness } from '../../../src/state/readiness.ts';
import type { Target } from '../../../src/target/target.ts';
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

/** After a batch that was sent so long after the probing thread got these targets. */
function readinessOf(targets: readonly Target[], afterMs: number): Readiness {
  const readiness = new Readiness(targets);
  readiness.record({ probingSinceMs: START_MS, sentMs: START_MS + afterMs });
  return readiness;
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
    assert.equal(readinessOf([one, two], afterMs).isReady(cacheWith(...probed)), ready);
  });
}

test('readiness: not ready before the probing thread has its targets, however long that takes', () => {
  const readiness = new Readiness([one]);
  assert.equal(readiness.isReady(cacheWith()), false);
  readiness.record({ probingSinceMs: undefined, sentMs: START_MS + 60_000 });
  assert.equal(readiness.isReady(cacheWith()), false);
});

test('readiness: without targets it is there as soon as the probing thread knows that', () => {
  assert.equal(new Readiness([]).isReady(new Cache()), false);
  assert.equal(readinessOf([], 0).isReady(new Cache()), true);
});

test('readiness: it stays through a reload and a thread that starts again', () => {
  const readiness = readinessOf([one, two], 10);
  const cache = cacheWith(one, two);
  assert.equal(readiness.isReady(cache), true);
  cache.setTargets([target('http://three/')]);
  readiness.record({ probingSinceMs: undefined, sentMs: START_MS + 20 });
  assert.equal(readiness.isReady(cache), true);
});
