import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { nowMs } from '../probe/clock.ts';

/** What a thread tells of itself. */
export type ThreadFigures = {
  /** Largest delay of its event loop since it was last asked. */
  readonly loopDelayMs: number;
  /** Time spent in garbage collection since it was last asked. */
  readonly gcMs: number;
  /** Bytes of its heap in use now. */
  readonly heapUsedBytes: number;
};

const RESOLUTION_MS = 20;
const SAMPLE_EVERY_MS = 1000;

/** Watches the thread it is made in; it does not keep the thread alive. */
export class ThreadWatch {
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #sampling: NodeJS.Timeout;
  readonly #collections: PerformanceObserver;
  #sampledMs = nowMs();
  #loopDelayMs = 0;
  #gcMs = 0;

  constructor() {
    this.#loop.enable();
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_EVERY_MS).unref();
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
  }

  /** The figures of now, and since the last call; a delay of the loop is in them after a second at most. */
  take(): ThreadFigures {
    const { used_heap_size: heapUsedBytes } = getHeapStatistics();
    const figures = { loopDelayMs: this.#loopDelayMs, gcMs: this.#gcMs, heapUsedBytes };
    this.#loopDelayMs = 0;
    this.#gcMs = 0;
    return figures;
  }

  stop(): void {
    this.#loop.disable();
    clearInterval(this.#sampling);
    this.#collections.disconnect();
  }

  #sample(): void {
    // What the loop measures holds its resolution; it forgets a delay that spans the reset, but then this call is late.
    const measuredMs = this.#loop.max / 1e6 - RESOLUTION_MS;
    const lateMs = nowMs() - this.#sampledMs - SAMPLE_EVERY_MS;
    this.#loopDelayMs = Math.max(this.#loopDelayMs, measuredMs, lateMs);
    this.#loop.reset();
    this.#sampledMs = nowMs();
  }
}
