import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../support/program.ts';

const MEMORY = fileURLToPath(new URL('../../src/memory.ts', import.meta.url));

/** Keeps much of what it allocates alive for a while, which is what lets a young generation grow; in MB at the end. */
const SCRIPT = `
  import { getHeapSpaceStatistics } from 'node:v8';
  const { settleCollections } = await import(${JSON.stringify(MEMORY)});
  if (process.argv[1] === 'settled') settleCollections();
  const kept = [];
  for (let n = 0; n < 8_000_000; n += 1) kept[n % 200_000] = { a: [n], b: { n } };
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1e6);
`;

async function youngMegabytes(how: string): Promise<number> {
  const { exitCode, output } = await run(process.execPath, ['--input-type=module', '--eval', SCRIPT, how]);
  assert.equal(exitCode, 0, output);
  return Number(output);
}

test('memory: the young generation stays small, which by itself it does not', async () => {
  const [settled, unsettled] = await Promise.all(['settled', 'unsettled'].map(youngMegabytes));
  assert.ok(settled !== undefined && settled <= 20, `${settled} MB`);
  // How far it would have grown depends on the machine's memory.
  assert.ok(unsettled !== undefined && unsettled > settled, `${unsettled} MB without it: no longer needed?`);
});
