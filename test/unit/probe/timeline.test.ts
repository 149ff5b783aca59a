import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PHASES } from '../../../src/probe/result.ts';
import { type Mark, phasesOf } from '../../../src/probe/timeline.ts';

const cases: { name: string; marks: Mark[]; endMs: number; expected: object }[] = [
  { name: 'a probe that entered no phase has none', marks: [], endMs: 5, expected: {} },
  {
    name: 'the phase of the failure holds the time until it',
    marks: [
      { phase: 'dns', atMs: 10 },
      { phase: 'connect', atMs: 13 },
      { phase: 'tls', atMs: 14 },
    ],
    endMs: 314,
    expected: { dns: 3, connect: 1, tls: 300 },
  },
  {
    name: 'hops are summed phase by phase',
    marks: [
      { phase: 'connect', atMs: 0 },
      { phase: 'wait', atMs: 1 },
      { phase: 'transfer', atMs: 3 },
      { phase: 'connect', atMs: 4 },
      { phase: 'wait', atMs: 9 },
    ],
    endMs: 19,
    expected: { connect: 6, wait: 12, transfer: 1 },
  },
];

for (const { name, marks, endMs, expected } of cases) {
  test(`phases: ${name}`, () => assert.deepEqual(phasesOf(marks, endMs), expected));
}

test('invariant 4, phases are contiguous: they sum to the time from the first mark to the end', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...PHASES), fc.double({ min: 0, max: 1e5, noNaN: true })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(steps, (phases) => {
      let atMs = 1e6;
      const marks = phases.map(([phase, lengthMs]) => {
        const mark = { phase, atMs };
        atMs += lengthMs;
        return mark;
      });
      const sum = Object.values(phasesOf(marks, atMs)).reduce((total, ms) => total + ms, 0);
      assert.ok(Math.abs(sum - (atMs - 1e6)) < 0.1);
    }),
  );
});
