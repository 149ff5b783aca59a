import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { LoopDelay } from './loop-delay.ts';

/** What a thread tells of itself. */
export type ThreadFigures = {
  /** Largest delay of its event loop since it was last asked. */
  readonly loopDelayMs: number;
  /** Time spent in garbage collection since it was last asked. */
  readonly gcMs: number;
  /** Bytes of its heap in use now. */
  readonly heapUsedBytes: number;
};

const SAMPLE_EVERY_MS = 1000;

/** Watches the thread it is made in; it does not keep the thread alive. */
export class ThreadWatch {
  readonly #loop = new LoopDelay();
  readonly #sampling: NodeJS.Timeout;
  readonly #collections: PerformanceObserver;
  #loopDelayMs = 0;
  #gcMs = 0;

  constructor() {
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_EVERY_MS).unref();
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
  }

  /** The figures of now, and since the last call; a delay of the loop is in them after two seconds at most, and may be in two of them. */
  take(): ThreadFigures {
    const { used_heap_size: heapUsedBytes } = getHeapStatistics();
    const figures = { loopDelayMs: this.#loopDelayMs, gcMs: this.#gcMs, heapUsedBytes };
    this.#loopDelayMs = 0;
    this.#gcMs = 0;
    return figures;
  }

  /** To be told before work that is long and done piece by piece: after a rest it would be taken for one piece. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): void {
    clearInterval(this.#sampling);
    this.#loop.stop();
    this.#collections.disconnect();
  }

  #sample(): void {
    this.#loopDelayMs = Math.max(this.#loopDelayMs, this.#loop.sample(SAMPLE_EVERY_MS));
  }
}
