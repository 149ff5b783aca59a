import type { ThreadFigures } from '../runtime/thread-watch.ts';
import { LagWindow } from '../state/lag-window.ts';

type Totals = { readonly delays: LagWindow; heapUsedBytes: number; gcMs: number };

/** Adds up the figures that each thread reports; a thread that was started again goes on counting. */
export class ThreadTotals {
  readonly #byThread = new Map<string, Totals>();

  /** Adds what the thread of this name has reported since its last report. */
  record(thread: string, { loopDelayMs, gcMs, heapUsedBytes }: ThreadFigures, nowMs: number): void {
    const totals = this.#byThread.get(thread) ?? { delays: new LagWindow(), heapUsedBytes: 0, gcMs: 0 };
    this.#byThread.set(thread, totals);
    totals.delays.record(loopDelayMs, nowMs);
    totals.heapUsedBytes = heapUsedBytes;
    totals.gcMs += gcMs;
  }

  /** By thread: the largest delay of the last minute, the latest heap size, all time in garbage collection. */
  figures(nowMs: number): ReadonlyMap<string, ThreadFigures> {
    const entries = [...this.#byThread].map(([thread, { delays, heapUsedBytes, gcMs }]) => {
      return [thread, { loopDelayMs: delays.largestMs(nowMs), heapUsedBytes, gcMs }] as const;
    });
    return new Map(entries);
  }
}
