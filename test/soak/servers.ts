import { type ChildProcess, fork } from 'node:child_process';
import { event } from '../support/until.ts';
import type { Kind, Started } from './kind.ts';
import { KINDS } from './kinds.ts';
import type { ServedCounts } from './served-counts.ts';
import type { Stall } from './stalls.ts';

/** What the process of the servers is asked for: its counts, or the next step of what changes there. */
export type Wish = 'count' | 'turn';

/** What it says. */
export type Reply =
  | { readonly kind: 'started'; readonly started: readonly Required<Omit<Started, 'turn'>>[] }
  | { readonly kind: 'counts'; readonly counts: ServedCounts; readonly stalls: readonly Stall[] }
  | { readonly kind: 'turned' };

/** The targets of all kinds, in a process of their own. */
export type Servers = AsyncDisposable & {
  readonly started: readonly (Required<Omit<Started, 'turn'>> & { readonly kind: Kind })[];
  counts(): Promise<ServedCounts>;
  /** When they could not serve, as of the latest counts. */
  stalls(): readonly Stall[];
  turn(): Promise<void>;
};

/** Starts about so many targets, with their files in this folder. */
export async function startServers(targets: number, folder: string): Promise<Servers> {
  const child = fork(new URL('./servers-process.ts', import.meta.url), [`${targets}`, folder], {
    serialization: 'advanced',
  });
  const first = await reply(child);
  if (first.kind !== 'started') throw new Error(`the servers said ${first.kind} at first`);
  let stalls: readonly Stall[] = [];
  return {
    started: KINDS.map((kind, index) => ({ kind, ...(first.started[index] ?? { urls: [], settings: {} }) })),
    async counts() {
      child.send('count');
      const said = await reply(child);
      if (said.kind !== 'counts') throw new Error(`the servers said ${said.kind} when asked to count`);
      ({ stalls } = said);
      return said.counts;
    },
    stalls: () => stalls,
    async turn() {
      child.send('turn');
      await reply(child);
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await event(child, 'exit');
    },
  };
}

function reply(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`the servers' process ended with ${code}`));
    child.once('exit', died);
    child.once('message', (message: Reply) => {
      child.off('exit', died);
      resolve(message);
    });
  });
}
