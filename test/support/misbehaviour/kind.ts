import type { PhaseName, ResultName } from '../../../src/probe/result.ts';
import { type RawOptions, rawServer, type Script } from '../raw-server.ts';
import type { Overrides } from '../target.ts';

/** A kind of misbehaving server, and what a probe has to make of it within a timeout of 3 s. */
export type Misbehaviour = {
  readonly name: string;
  start(): Promise<Misbehaving>;
  readonly expected: Verdict;
};

/** What a probe has to find. */
export type Verdict = {
  /** Several where chance decides which one it is, or where more than one is right. */
  readonly result: ResultName | readonly ResultName[];
  /** The phase that holds most of the time, where time is lost: 1.5 s of a success, 3 s of a failure. */
  readonly phase?: PhaseName;
  /** Requests seen by all servers of the case together; several where a busy machine decides. */
  readonly requests: number | readonly number[];
};

/** A misbehaving server that runs, and what a target has to say to meet it. */
export type Misbehaving = AsyncDisposable & Case;

type Case = {
  readonly url: string;
  readonly overrides: Overrides;
  requests(): number;
};

/** Starts what a case needs; all that is put on the stack ends with the case. */
export async function misbehaving(
  build: (stack: AsyncDisposableStack) => Promise<Case>,
): Promise<Misbehaving> {
  await using stack = new AsyncDisposableStack();
  const parts = await build(stack);
  const kept = stack.move();
  return { ...parts, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** A server over TCP that follows a script for each request. */
export function scripted(
  script: Script,
  overrides: Overrides = {},
  options: RawOptions = {},
): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const server = stack.use(await rawServer(script, options));
      // Before a request was made there are only connections to be counted.
      const requests = options.on === 'connection' ? server.connections : () => server.heads.length;
      return { url: server.url(), overrides, requests };
    });
}

/** Sends these bytes and leaves the connection open. */
export function says(bytes: string | Buffer, overrides?: Overrides): Misbehaviour['start'] {
  return scripted((socket) => socket.write(bytes), overrides);
}

/** Sends these bytes and closes the connection in good order. */
export function saysAndCloses(bytes: string | Buffer, overrides?: Overrides): Misbehaviour['start'] {
  return scripted((socket) => socket.end(bytes), overrides);
}

/** Sends these bytes and resets the connection. */
export function saysAndResets(bytes: string | Buffer, overrides?: Overrides): Misbehaviour['start'] {
  return scripted((socket) => socket.write(bytes, () => socket.resetAndDestroy()), overrides);
}
