import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { readProcessFigures } from '../../../src/runtime/process.ts';

test('process: its facts are those of this process, in the units of their names', () => {
  const { startTimeSeconds, cpuSeconds, residentMemoryBytes, maxFds } = readProcessFigures();
  const uptimeSeconds = Date.now() / 1000 - startTimeSeconds;
  assert.ok(Math.abs(uptimeSeconds - process.uptime()) < 1, `${uptimeSeconds} s`);
  // Of several threads.
  assert.ok(cpuSeconds > 0.01 && cpuSeconds < 10 * process.uptime(), `${cpuSeconds} s`);
  assert.ok(residentMemoryBytes !== undefined && residentMemoryBytes > 10_000_000);
  if (process.platform === 'linux') assert.ok(maxFds !== undefined && maxFds >= 64);
});

test('process: a file more is a descriptor more', { skip: process.platform !== 'linux' }, () => {
  const before = readProcessFigures().openFds ?? 0;
  const file = openSync('/proc/self/status', 'r');
  const after = readProcessFigures().openFds;
  closeSync(file);
  assert.equal(after, before + 1);
});
