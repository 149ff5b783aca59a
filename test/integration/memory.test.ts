import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../support/program.ts';

const MEMORY = fileURLToPath(new URL('../../src/runtime/memory.ts', import.meta.url));

/**
 * Keeps much of what it allocates alive for a while, which is what lets a young generation grow; prints the size that it
 * had half of the time, in MB: for a moment a collection takes more. Its turns are short, since the size is looked at
 * between two of them.
 */
const SCRIPT = `
  import { setImmediate as nextTurn } from 'node:timers/promises';
  import { getHeapSpaceStatistics } from 'node:v8';
  const { settleCollections } = await import(${JSON.stringify(MEMORY)});
  if (process.argv[1] === 'settled') settleCollections();
  const kept = [];
  const sizes = [];
  for (let n = 0; n < 5_000_000; n += 1) {
    kept[n % 800_000] = { a: [n], b: { n } };
    if (n % 1_000 !== 0) continue;
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (n > 1_500_000) sizes.push(young.space_size / 1e6);
    await nextTurn();
  }
  console.log(sizes.sort((one, other) => one - other)[sizes.length >> 1]);
`;

// Else how far it may grow would depend on the machine's memory.
const NODE = ['--max-semi-space-size=64', '--input-type=module', '--eval', SCRIPT];

async function youngMegabytes(how: string): Promise<number> {
  const { exitCode, output } = await run(process.execPath, [...NODE, how]);
  assert.equal(exitCode, 0, output);
  return Number(output);
}

test('memory: the young generation grows to 16 MB or once more, and no further, which by itself it does', async () => {
  const [settled, unsettled] = await Promise.all(['settled', 'unsettled'].map(youngMegabytes));
  // The bound is heard of after the collection in which it is reached, so that it may double once more until then.
  assert.ok(settled !== undefined && settled >= 12 && settled <= 40, `${settled} MB`);
  assert.ok(unsettled !== undefined && unsettled > 60, `${unsettled} MB without it: no longer needed?`);
});
