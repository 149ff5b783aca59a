import { shareOf } from './kind.ts';
import { KINDS } from './kinds.ts';
import { Served } from './served-counts.ts';
import type { Reply, Wish } from './servers.ts';
import { watchStalls } from './stalls.ts';

// Run as a child process: starts the targets of all kinds, says where they are, and counts what they serve.
const [, , targets, folder = ''] = process.argv;
const served = new Served();
const stalls = watchStalls();
const started = await Promise.all(
  KINDS.map((kind) => kind.start({ served, folder, targets: shareOf(kind, Number(targets)) })),
);

process.on('message', (wish: Wish) => void answer(wish).then(send));
process.once('disconnect', () => process.exit());
send({ kind: 'started', started: started.map(({ urls, settings = {} }) => ({ urls, settings })) });

async function answer(wish: Wish): Promise<Reply> {
  if (wish === 'count') return { kind: 'counts', counts: served.counts, stalls };
  for (const { turn } of started) await turn?.();
  return { kind: 'turned' };
}

function send(reply: Reply): void {
  process.send?.(reply);
}
