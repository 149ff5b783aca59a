import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult, ResultName } from '../../../src/probe/result.ts';
import { Cache } from '../../../src/state/cache.ts';
import { transitionsOf } from '../../../src/state/transition.ts';
import { batch } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const A = target('http://a.test/');

function result(name: ResultName, endedAtMs: number): ProbeResult {
  return { key: A.key, result: name, startedMs: 0, endedMs: 0, endedAtMs, phases: {} };
}

/** What the last of several results of one target changes. */
function lastChange(...names: readonly ResultName[]) {
  const cache = new Cache();
  cache.setTargets([A]);
  const results = names.map((name, index) => result(name, index * 1000));
  for (const earlier of results.slice(0, -1)) cache.record(batch([earlier]), 0);
  return transitionsOf(results.slice(-1), cache).map(({ from, to, afterMs }) => [from, to, afterMs]);
}

const cases: { name: string; results: ResultName[]; want: unknown[] }[] = [
  { name: 'a first success changes nothing', results: ['success'], want: [] },
  { name: 'a first failure is told', results: ['dns_error'], want: [['unknown', 'down', undefined]] },
  {
    name: 'a first result that is no verdict is told',
    results: ['internal_error'],
    want: [['unknown', 'unknown', undefined]],
  },
  { name: 'another without a verdict is no change', results: ['internal_error', 'internal_error'], want: [] },
  {
    name: 'a failure after successes tells how long it was up',
    results: ['success', 'success', 'dns_error'],
    want: [['up', 'down', 2000]],
  },
  { name: 'another failure is no change', results: ['dns_error', 'connect_refused'], want: [] },
  { name: 'up again', results: ['dns_error', 'success'], want: [['down', 'up', 1000]] },
  {
    name: 'no verdict leaves nothing known',
    results: ['success', 'internal_error'],
    want: [['up', 'unknown', 1000]],
  },
];

for (const { name, results, want } of cases) {
  test(`transition: ${name}`, () => assert.deepEqual(lastChange(...results), want));
}

test('transition: results of targets that are no more change nothing', () => {
  assert.deepEqual(transitionsOf([result('dns_error', 0)], new Cache()), []);
});
