import { type ChildProcess, fork } from 'node:child_process';
import type { Misbehaviour } from './misbehaviour/kind.ts';
import { MISBEHAVIOURS, TIMEOUT_MS } from './misbehaviour.ts';
import { type Overrides, target } from './target.ts';
import { event } from './until.ts';

/** All kinds of misbehaving servers, in a process of their own so that what they hold does not count as ours. */
export type MisbehavingServers = AsyncDisposable & {
  /** Each kind with the target that meets it. */
  readonly kinds: readonly { readonly kind: Misbehaviour; readonly target: ReturnType<typeof target> }[];
  /** How many requests each kind has seen so far. */
  requests(): Promise<readonly number[]>;
};

type Place = { readonly url: string; readonly overrides: Overrides };

/** Starts one server of each kind. */
export async function misbehavingServers(): Promise<MisbehavingServers> {
  const child = fork(new URL('./misbehaving-process.ts', import.meta.url), { serialization: 'advanced' });
  const places = await reply<readonly Place[]>(child);
  return {
    kinds: MISBEHAVIOURS.map((kind, place) => {
      const { url = '', overrides } = places[place] ?? {};
      return { kind, target: target(url, { timeoutMs: TIMEOUT_MS, ...overrides }) };
    }),
    requests() {
      child.send('count');
      return reply(child);
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await event(child, 'exit');
    },
  };
}

function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`the servers' process ended with ${code}`));
    child.once('exit', died);
    child.once('message', (message: T) => {
      child.off('exit', died);
      resolve(message);
    });
  });
}
