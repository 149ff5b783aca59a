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
  readonly exported: Partial<Record<ResultName, number>>;
  readonly served: Partial<Record<Due, number>>;
  readonly wrong?: readonly [ResultName, number];
  readonly stalls?: number;
  readonly expected: readonly string[];
};

const CASES: readonly Case[] = [
  {
    name: 'as many as were served, of each verdict',
    results: FLAPPING,
    exported: { success: 3, unexpected_status: 2 },
    served: { success: 3, unexpected_status: 2 },
    expected: [],
  },
  {
    name: 'one verdict for another',
    results: FLAPPING,
    exported: { success: 4, unexpected_status: 1 },
    served: { success: 3, unexpected_status: 2 },
    expected: [
      'success is exported 4 times and was served 3 times',
      'unexpected_status is exported 1 times and was served 2 times',
    ],
  },
  {
    name: 'one that was lost',
    results: ['success'],
    exported: { success: 4 },
    served: { success: 5 },
    expected: ['success is exported 4 times and was served 5 times'],
  },
  {
    name: 'one that was served although it could not be carried out, and one that was not',
    results: ['success'],
    exported: { success: 4, internal_error: 2 },
    served: { success: 5 },
    expected: [],
  },
  {
    name: 'more that were served than could not be carried out',
    results: ['success'],
    exported: { success: 4, internal_error: 2 },
    served: { success: 7 },
    expected: ['success is exported 4 times and was served 7 times'],
  },
  {
    name: 'either of two verdicts where chance decides',
    results: RESETTING,
    exported: { connection_closed: 3, connect_error: 2 },
    served: { 'connection_closed|connect_error': 5 },
    expected: [],
  },
  {
    name: 'a verdict that its kind must not have',
    results: ['success'],
    exported: { success: 4, response_timeout: 1 },
    served: { success: 5 },
    expected: [
      '1 times response_timeout',
      'success is exported 4 times and was served 5 times',
      'response_timeout is exported 1 times and was served 0 times',
    ],
  },
  {
    name: 'a timeout that the servers are to blame for',
    results: ['success'],
    exported: { success: 4, response_timeout: 1 },
    served: { success: 5 },
    wrong: ['response_timeout', 1],
    stalls: 1,
    expected: [],
  },
  {
    name: 'a target that hangs and was not served once, as the servers stood still',
    results: ['response_timeout'],
    exported: { response_timeout: 5 },
    served: { response_timeout: 4 },
    stalls: 1,
    expected: [],
  },
  {
    name: 'a target that is denied and was reached',
    results: ['blocked_address'],
    reaches: 'never',
    exported: { blocked_address: 5 },
    served: { success: 1 },
    expected: ['was reached'],
  },
  {
    name: 'a target that is not exported',
    results: ['success'],
    exported: {},
    served: {},
    expected: ['is not exported'],
  },
];

for (const { name, results, reaches = 'once', exported, served, wrong, stalls = 0, expected } of CASES) {
  test(`soak, comparison: ${name}: ${expected.length === 0 ? 'in order' : 'found'}`, () => {
    const kind: Kind = { name: 'kind', weight: 1, results, reaches, start: () => assert.fail('not here') };
    const { faults } = compareCounts(
      [{ url: TARGET_URL, kind, settings: {} }],
      new Map([[TARGET_URL, countsOf<ResultName>(exported)]]),
      new Map([[TARGET_URL, countsOf<Due>(served)]]),
      { wrong: wrong === undefined ? [] : [excusedAs(...wrong)], stalls },
    );
    assert.deepEqual(
      faults.map((fault) => fault.replace(`kind, ${TARGET_URL}: `, '')),
      expected,
    );
  });
}

test('soak, comparison: what is exported, but is no target, is found', () => {
  const exported = new Map([[TARGET_URL, new Map<ResultName, number>([['success', 1]])]]);
  const { faults } = compareCounts([], exported, new Map(), { wrong: [], stalls: 0 });
  assert.deepEqual(faults, [`${TARGET_URL}: is exported, but is no target`]);
});

function excusedAs(result: ResultName, times: number): Wrong {
  return { url: TARGET_URL, kind: 'kind', result, times, seenAtMs: 0 };
}

function countsOf<Name extends string>(counts: Partial<Record<Name, number>>): Map<Name, number> {
  const found = new Map<Name, number>();
  for (const name in counts) found.set(name, counts[name] ?? 0);
  return found;
}
