import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultsMessage } from '../../../src/schedule/messages.ts';
import { Cache } from '../../../src/state/cache.ts';
import { healthOf } from '../../../src/state/target-state.ts';
import { resultOf } from '../../support/fake-probe.ts';
import { batch as batchOf } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const one = target('http://one/', { intervalMs: 1000, timeoutMs: 500 });
const two = target('http://two/');

function batch(overrides: Partial<ResultsMessage> = {}): ResultsMessage {
  return batchOf([], overrides);
}

test('cache: a target has no result at first, and its successes are counted from 0', () => {
  const cache = new Cache();
  cache.setTargets([one, two]);
  const states = [...cache.states()];
  assert.deepEqual(
    states.map(({ target, latest, counts, failures, sinceMs }) => [
      target,
      latest,
      [...counts],
      failures,
      sinceMs,
    ]),
    [one, two].map((its) => [its, undefined, [['success', 0]], 0, undefined]),
  );
  assert.equal(cache.targets, 2);
});

test('cache: the latest result is kept, all are counted, and failures are the verdicts other than success', () => {
  const cache = new Cache();
  cache.setTargets([one]);
  const names = [
    'success',
    'unexpected_status',
    'internal_error',
    'dns_error',
    'success',
    'dns_error',
  ] as const;
  const results = names.map((result) => resultOf(one, { result }));
  cache.record(batch({ results: results.slice(0, 4) }), 0);
  cache.record(batch({ results: results.slice(4) }), 0);
  const state = cache.state(one.key);
  assert.equal(state?.latest, results.at(-1));
  assert.equal(state?.failures, 3);
  assert.deepEqual(
    state?.counts,
    new Map([
      ['success', 2],
      ['unexpected_status', 1],
      ['internal_error', 1],
      ['dns_error', 2],
    ]),
  );
});

test('cache: results of targets that are not there are left out', () => {
  const cache = new Cache();
  cache.setTargets([one]);
  cache.record(batch({ results: [resultOf(two)] }), 0);
  assert.equal(cache.state(two.key), undefined);
  assert.equal(cache.targets, 1);
});

test('cache: a kept target keeps result and counters with new settings, a removed one is forgotten', () => {
  const cache = new Cache();
  cache.setTargets([one, two]);
  const latest = resultOf(one, { result: 'dns_error' });
  cache.record(batch({ results: [latest, resultOf(two)] }), 0);
  const changed = { ...one, method: 'HEAD' };
  cache.setTargets([changed]);
  cache.setTargets([two, changed]);
  assert.equal(cache.state(two.key)?.latest, undefined);
  assert.equal(cache.state(two.key)?.counts.get('success'), 0);
  const kept = cache.state(one.key);
  assert.deepEqual(
    [kept?.target, kept?.latest, kept?.failures, kept?.counts.get('dns_error')],
    [changed, latest, 1, 1],
  );
  assert.deepEqual(
    [...cache.states()].map((state) => state.target),
    [two, changed],
  );
});

test('cache: totals follow the batches', () => {
  const cache = new Cache();
  cache.record(batch({ inFlight: 7, skipped: 2, lagMs: 30 }), 1000);
  cache.record(batch({ inFlight: 4, skipped: 1, lagMs: 10 }), 2000);
  assert.deepEqual([cache.inFlight, cache.skipped, cache.lagMs(2000)], [4, 3, 30]);
  assert.equal(cache.lagMs(61_500), 10);
});

test('cache: a target is in its state since the first of the results that say the same', () => {
  const cache = new Cache();
  cache.setTargets([one]);
  const since = (['dns_error', 'connect_refused', 'internal_error', 'success', 'success'] as const).map(
    (result, index) => {
      cache.record(batch({ results: [resultOf(one, { result, endedAtMs: index * 1000 })] }), 0);
      const state = cache.state(one.key);
      return [healthOf(state?.latest), state?.sinceMs];
    },
  );
  assert.deepEqual(since, [
    ['down', 0],
    ['down', 0],
    ['unknown', 2000],
    ['up', 3000],
    ['up', 3000],
  ]);
});
