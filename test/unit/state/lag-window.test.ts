import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LagWindow } from '../../../src/state/lag-window.ts';

test('lag: it is 0 before anything was recorded', () => {
  assert.equal(new LagWindow().largestMs(5_000_000), 0);
});

test('lag: the largest value of the last 60 seconds, by whole seconds, stays', () => {
  const record = fc.record({ lagMs: fc.nat(10_000), afterMs: fc.nat(20_000) });
  fc.assert(
    fc.property(fc.array(record), fc.nat(100_000), (records, idleMs) => {
      const window = new LagWindow();
      let nowMs = 12_345_678.9;
      const recorded: { lagMs: number; second: number }[] = [];
      for (const { lagMs, afterMs } of records) {
        nowMs += afterMs;
        window.record(lagMs, nowMs);
        recorded.push({ lagMs, second: Math.floor(nowMs / 1000) });
      }
      nowMs += idleMs;
      const oldest = Math.floor(nowMs / 1000) - 60;
      const recent = recorded.filter(({ second }) => second > oldest).map(({ lagMs }) => lagMs);
      assert.equal(window.largestMs(nowMs), Math.max(0, ...recent));
    }),
  );
});
