import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../support/program.ts';

const MEMORY = fileURLToPath(new URL('../../src/memory.ts', import.meta.url));

/** Keeps much of what it allocates alive for a while, which is what lets a young generation grow; in MB at the end. */
const SCRIPT = `
  import { setImmediate as nextTurn } from 'node:timers/promises';
  import { getHeapSpaceStatistics } from 'node:v8';
  const { settleCollections } = await import(${JSON.stringify(MEMORY)});
  if (process.argv[1] === 'settled') settleCollections();
  const kept = [];
  for (let n = 0; n < 8_000_000; n += 1) {
    kept[n % 200_000] = { a: [n], b: { n } };
    if (n % 10_000 === 0) await nextTurn();
  }
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1e6);
`;

async function youngMegabytes(how: string): Promise<number> {
  const { exitCode, output } = await run(process.execPath, ['--input-type=module', '--eval', SCRIPT, how]);
  assert.equal(exitCode, 0, output);
  return Number(output);
}

test('memory: the young generation grows to 16 MB and no further, which by itself it does', async () => {
  const [settled, unsettled] = await Promise.all(['settled', 'unsettled'].map(youngMegabytes));
  assert.ok(settled !== undefined && settled >= 12 && settled <= 20, `${settled} MB`);
  // How far it would have grown depends on the machine's memory.
  assert.ok(unsettled !== undefined && unsettled > settled, `${unsettled} MB without it: no longer needed?`);
});
