import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultName } from '../../../src/probe/result.ts';
import { compareCounts } from '../../soak/comparison.ts';
import type { Kind } from '../../soak/kind.ts';
import type { Due } from '../../soak/served-counts.ts';
import type { Wrong } from '../../soak/stalls.ts';

const TARGET_URL = 'http://a.test/';
const FLAPPING = ['success', 'unexpected_status'] as const;
const RESETTING = ['connection_closed', 'connect_error'] as const;

type Case = {
  readonly name: string;
  readonly results: readonly ResultName[];
  readonly reaches?: Kind['reaches'];
  readonly told: Partial<Record<ResultName, number>>;
  readonly served: Partial<Record<Due, number>>;
  readonly wrong?: readonly [ResultName, number];
  readonly stalls?: number;
  readonly want: readonly string[];
};

const CASES: readonly Case[] = [
  {
    name: 'as many as were served, of each verdict',
    results: FLAPPING,
    told: { success: 3, unexpected_status: 2 },
    served: { success: 3, unexpected_status: 2 },
    want: [],
  },
  {
    name: 'one verdict for another',
    results: FLAPPING,
    told: { success: 4, unexpected_status: 1 },
    served: { success: 3, unexpected_status: 2 },
    want: [
      'success is told 4 times and was served 3 times',
      'unexpected_status is told 1 times and was served 2 times',
    ],
  },
  {
    name: 'one that was lost',
    results: ['success'],
    told: { success: 4 },
    served: { success: 5 },
    want: ['success is told 4 times and was served 5 times'],
  },
  {
    name: 'one that was served although it could not be carried out, and one that was not',
    results: ['success'],
    told: { success: 4, internal_error: 2 },
    served: { success: 5 },
    want: [],
  },
  {
    name: 'more that were served than could not be carried out',
    results: ['success'],
    told: { success: 4, internal_error: 2 },
    served: { success: 7 },
    want: ['success is told 4 times and was served 7 times'],
  },
  {
    name: 'either of two verdicts where chance decides',
    results: RESETTING,
    told: { connection_closed: 3, connect_error: 2 },
    served: { 'connection_closed|connect_error': 5 },
    want: [],
  },
  {
    name: 'a verdict that its kind must not have',
    results: ['success'],
    told: { success: 4, response_timeout: 1 },
    served: { success: 5 },
    want: [
      '1 times response_timeout',
      'success is told 4 times and was served 5 times',
      'response_timeout is told 1 times and was served 0 times',
    ],
  },
  {
    name: 'a timeout that the servers are to blame for',
    results: ['success'],
    told: { success: 4, response_timeout: 1 },
    served: { success: 5 },
    wrong: ['response_timeout', 1],
    stalls: 1,
    want: [],
  },
  {
    name: 'a target that hangs and was not served once, as the servers stood still',
    results: ['response_timeout'],
    told: { response_timeout: 5 },
    served: { response_timeout: 4 },
    stalls: 1,
    want: [],
  },
  {
    name: 'a target that is denied and was reached',
    results: ['blocked_address'],
    reaches: 'never',
    told: { blocked_address: 5 },
    served: { success: 1 },
    want: ['was reached'],
  },
  {
    name: 'a target that is not told of',
    results: ['success'],
    told: {},
    served: {},
    want: ['is not told of'],
  },
];

for (const { name, results, reaches = 'once', told, served, wrong, stalls = 0, want } of CASES) {
  test(`soak, comparison: ${name}: ${want.length === 0 ? 'in order' : 'found'}`, () => {
    const kind: Kind = { name: 'kind', weight: 1, results, reaches, start: () => assert.fail('not here') };
    const { faults } = compareCounts(
      [{ url: TARGET_URL, kind, settings: {} }],
      new Map([[TARGET_URL, countsOf<ResultName>(told)]]),
      new Map([[TARGET_URL, countsOf<Due>(served)]]),
      { wrong: wrong === undefined ? [] : [excusedAs(...wrong)], stalls },
    );
    assert.deepEqual(
      faults.map((fault) => fault.replace(`kind, ${TARGET_URL}: `, '')),
      want,
    );
  });
}

test('soak, comparison: what is told of, but is no target, is found', () => {
  const told = new Map([[TARGET_URL, new Map<ResultName, number>([['success', 1]])]]);
  const { faults } = compareCounts([], told, new Map(), { wrong: [], stalls: 0 });
  assert.deepEqual(faults, [`${TARGET_URL}: is told of, but no target`]);
});

function excusedAs(result: ResultName, times: number): Wrong {
  return { url: TARGET_URL, kind: 'kind', result, times, seenAtMs: 0 };
}

function countsOf<Name extends string>(counts: Partial<Record<Name, number>>): Map<Name, number> {
  const found = new Map<Name, number>();
  for (const name in counts) found.set(name, counts[name] ?? 0);
  return found;
}
