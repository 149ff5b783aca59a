import type { ThreadFigures } from '../runtime/thread-watch.ts';
import { LagWindow } from '../state/window.ts';

/** The threads of the process, by the name in the label `thread`. */
export type ThreadName = 'main' | 'probing';

/** What may be told of a thread at one moment. */
export type ThreadFacts = {
  /** Largest delay of its event loop within the last minute. */
  readonly loopDelayMs: number;
  readonly heapUsedBytes: number;
  /** Time spent in garbage collection since the process started. */
  readonly gcMs: number;
};

type Account = { readonly delays: LagWindow; heapUsedBytes: number; gcMs: number };

/** Adds up what threads tell of themselves; a thread that was started again goes on counting. */
export class Threads {
  readonly #accounts = new Map<ThreadName, Account>();

  record(name: ThreadName, { loopDelayMs, gcMs, heapUsedBytes }: ThreadFigures, nowMs: number): void {
    const account = this.#accounts.get(name) ?? { delays: new LagWindow(), heapUsedBytes: 0, gcMs: 0 };
    this.#accounts.set(name, account);
    account.delays.record(loopDelayMs, nowMs);
    account.heapUsedBytes = heapUsedBytes;
    account.gcMs += gcMs;
  }

  /** The threads that have told anything yet. */
  facts(nowMs: number): ReadonlyMap<ThreadName, ThreadFacts> {
    const entries = [...this.#accounts].map(([name, { delays, heapUsedBytes, gcMs }]) => {
      return [name, { loopDelayMs: delays.largestMs(nowMs), heapUsedBytes, gcMs }] as const;
    });
    return new Map(entries);
  }
}
