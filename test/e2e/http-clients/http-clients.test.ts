import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawServer } from '../../support/raw-server.ts';
import { need } from '../counterparts/need.ts';
import { type Case, cases } from './cases.ts';
import { type Client, curl, go, node, ours, type Seen } from './clients.ts';
import { DIFFERENCES, type Difference } from './differences.ts';

const CASES = cases(4000);
const CLIENTS = { node, curl, go } as const;
type Name = keyof typeof CLIENTS;

async function seenBy(client: Client): Promise<readonly Seen[]> {
  await using server = await rawServer((socket, head) => {
    const [, index] = /^GET \/(\d+)/.exec(head) ?? [];
    socket.end(CASES[Number(index)]?.bytes ?? '');
  });
  return await client(`http://127.0.0.1:${server.port}`, CASES);
}

function differenceOf(own: Seen, theirs: Seen): Difference | undefined {
  if (own === undefined) return theirs === undefined ? undefined : 'refused';
  if (theirs === undefined) return 'taken';
  return own.status === theirs.status && own.bytes === theirs.bytes ? undefined : 'read otherwise';
}

for (const name of ['node', 'curl', 'go'] as const satisfies readonly Name[]) {
  test(
    `responses: we differ from ${name} where that is meant, and nowhere else`,
    need('curl', 'go'),
    async () => {
      const own = await ours('', CASES);
      const theirs = await seenBy(CLIENTS[name]);
      assert.equal(theirs.length, CASES.length);
      const unexplained = CASES.flatMap((odd, index) => {
        const difference = differenceOf(own[index], theirs[index]);
        return difference === undefined || isMeant(name, difference, odd)
          ? []
          : [`${difference}: ${odd.tags.join(' + ')}`];
      });
      assert.deepEqual(unexplained, []);
    },
  );
}

function isMeant(name: Name, difference: Difference, { tags }: Case): boolean {
  const reasons = DIFFERENCES[name][difference] ?? {};
  return tags.some((tag) => Object.hasOwn(reasons, tag));
}
