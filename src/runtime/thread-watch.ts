import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { LoopDelay } from './loop-delay.ts';

/** A thread in numbers. */
export type ThreadFigures = {
  /** Largest delay of its event loop since the figures were last taken. */
  readonly loopDelayMs: number;
  /** Time spent in garbage collection since the figures were last taken. */
  readonly gcMs: number;
  /** Bytes of its heap in use now. */
  readonly heapUsedBytes: number;
};

/** Watches the thread it is made in; it does not keep the thread alive. */
export class ThreadWatch {
  readonly #loop = new LoopDelay();
  readonly #collections: PerformanceObserver;
  #gcMs = 0;

  constructor() {
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
  }

  /** The figures of now, and since the last call; a block of the loop is in them two seconds later at most. */
  take(): ThreadFigures {
    const gcMs = this.#gcMs;
    this.#gcMs = 0;
    return { loopDelayMs: this.#loop.take(), gcMs, heapUsedBytes: getHeapStatistics().used_heap_size };
  }

  /** To be called before long work in pieces: an idle loop would count it as one block. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): void {
    this.#loop.stop();
    this.#collections.disconnect();
  }
}
