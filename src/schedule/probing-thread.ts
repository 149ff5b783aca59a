import { Worker } from 'node:worker_threads';
import { nowMs } from '../runtime/clock.ts';
import { workerEntry } from '../runtime/worker-entry.ts';
import type { Target } from '../target/target.ts';
import type { ResultsMessage, TargetsMessage } from './messages.ts';

/** What a probing thread is made with. */
export type ProbingThreadOptions = {
  readonly onBatch: (batch: ResultsMessage) => void;
  /** Called when the thread has ended or a message was lost; a thread that has ended is started again. */
  readonly onFault: (fault: Error) => void;
  /** Another entry of the thread, for tests. */
  readonly entry?: URL;
};

const ENTRY = workerEntry('probing-worker', import.meta.url);

// A small young generation keeps each scavenge short, which would show in the response times; a still smaller one needs
// too many, see test/bench/README.md.
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };

const RESTART_EVERY_MS = 1000;

/** One probing thread, on the side of the main thread: targets in, batches out. */
export class ProbingThread {
  readonly #onBatch: (batch: ResultsMessage) => void;
  readonly #onFault: (fault: Error) => void;
  readonly #entry: URL;
  #worker: Worker;
  #workerStartedMs = 0;
  #targets: TargetsMessage | undefined;
  #lastBatchMs = nowMs();
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({ onBatch, onFault, entry = ENTRY }: ProbingThreadOptions) {
    this.#onBatch = onBatch;
    this.#onFault = onFault;
    this.#entry = entry;
    this.#worker = this.#startWorker();
  }

  /** When the latest batch came, on the monotonic clock; at first the time of the start. */
  get lastBatchMs(): number {
    return this.#lastBatchMs;
  }

  /** Replaces all targets; they are sent again whenever the thread has to be started again. */
  setTargets(targets: readonly Target[], concurrency: number): void {
    this.#targets = { targets, concurrency };
    this.#worker.postMessage(this.#targets);
  }

  /** Ends the thread at once, with the probes in it; no batch comes after this. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    await this.#worker.terminate();
  }

  #startWorker(): Worker {
    this.#workerStartedMs = nowMs();
    const worker = new Worker(this.#entry, { name: 'probing', resourceLimits: RESOURCE_LIMITS });
    worker.on('message', (batch: ResultsMessage) => this.#receive(batch));
    worker.on('messageerror', (cause) =>
      this.#reportFault('a message of the probing thread was unreadable', cause),
    );
    worker.on('error', (cause) => this.#reportFault('the probing thread failed', cause));
    worker.on('exit', (code) => this.#restartAfter(code));
    if (this.#targets !== undefined) worker.postMessage(this.#targets);
    return worker;
  }

  #receive(batch: ResultsMessage): void {
    if (this.#stopped) return;
    this.#lastBatchMs = nowMs();
    this.#onBatch(batch);
  }

  #reportFault(what: string, cause?: unknown): void {
    if (!this.#stopped) this.#onFault(new Error(what, cause === undefined ? {} : { cause }));
  }

  // At most once a second, so that a thread that fails at once does not take the processor.
  #restartAfter(code: number): void {
    if (this.#stopped) return;
    const waitMs = Math.max(0, this.#workerStartedMs + RESTART_EVERY_MS - nowMs());
    this.#reportFault(`the probing thread ended with code ${code}, starting it again`);
    this.#restart = setTimeout(() => {
      this.#worker = this.#startWorker();
    }, waitMs);
  }
}
