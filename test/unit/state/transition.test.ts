import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult, ResultName } from '../../../src/probe/result.ts';
import { Cache } from '../../../src/state/cache.ts';
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
  const transitions = results.map((result) => cache.record(batch([result]), 0));
  return (transitions.at(-1) ?? []).map(({ from, to, afterMs }) => [from, to, afterMs]);
}

const cases: { name: string; results: ResultName[]; transitions: unknown[] }[] = [
  { name: 'a first success changes nothing', results: ['success'], transitions: [] },
  {
    name: 'a first failure is a change',
    results: ['dns_error'],
    transitions: [['unknown', 'down', undefined]],
  },
  {
    name: 'a first result that is no verdict is a change',
    results: ['internal_error'],
    transitions: [['unknown', 'unknown', undefined]],
  },
  {
    name: 'another without a verdict is no change',
    results: ['internal_error', 'internal_error'],
    transitions: [],
  },
  {
    name: 'a failure after successes says how long it was up',
    results: ['success', 'success', 'dns_error'],
    transitions: [['up', 'down', 2000]],
  },
  { name: 'another failure is no change', results: ['dns_error', 'connect_refused'], transitions: [] },
  { name: 'up again', results: ['dns_error', 'success'], transitions: [['down', 'up', 1000]] },
  {
    name: 'no verdict leaves nothing known',
    results: ['success', 'internal_error'],
    transitions: [['up', 'unknown', 1000]],
  },
];

for (const { name, results, transitions } of cases) {
  test(`transition: ${name}`, () => assert.deepEqual(lastChange(...results), transitions));
}

test('transition: results of removed targets change nothing', () => {
  assert.deepEqual(new Cache().record(batch([result('dns_error', 0)]), 0), []);
});

test('transition: two results of one target in one batch are two changes', () => {
  const cache = new Cache();
  cache.setTargets([A]);
  const transitions = cache.record(batch([result('dns_error', 0), result('success', 1000)]), 0);
  assert.deepEqual(
    transitions.map(({ from, to, afterMs }) => [from, to, afterMs]),
    [
      ['unknown', 'down', undefined],
      ['down', 'up', 1000],
    ],
  );
});
