import { Worker } from 'node:worker_threads';
import { nowMs } from '../runtime/clock.ts';
import { workerEntry } from '../runtime/worker-entry.ts';
import type { Target } from '../target/target.ts';
import type { ResultsMessage, TargetsMessage } from './messages.ts';

/** What a probing thread works with. */
export type ProbingThreadOptions = {
  readonly onBatch: (batch: ResultsMessage) => void;
  /** Told why the probing thread has ended or a message was lost; the thread is started again. */
  readonly onFault: (fault: Error) => void;
  /** Another entry of the thread, for tests. */
  readonly entry?: URL;
};

const ENTRY = workerEntry('probing-worker', import.meta.url);

// A small young generation keeps a scavenge short, which otherwise bends the response times; with 2 MB there are so
// many that a tenth of the processor time goes there.
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };

const RESTART_EVERY_MS = 1000;

/** The probing half in a thread of its own, as the main thread sees it: targets in, batches out. */
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

  /** When the thread was last heard, on the monotonic clock; at first the time of its start. */
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
      this.#fault('a message of the probing thread was unreadable', cause),
    );
    worker.on('error', (cause) => this.#fault('the probing thread failed', cause));
    worker.on('exit', (code) => this.#restartAfter(code));
    if (this.#targets !== undefined) worker.postMessage(this.#targets);
    return worker;
  }

  #receive(batch: ResultsMessage): void {
    if (this.#stopped) return;
    this.#lastBatchMs = nowMs();
    this.#onBatch(batch);
  }

  #fault(what: string, cause?: unknown): void {
    if (!this.#stopped) this.#onFault(new Error(what, cause === undefined ? {} : { cause }));
  }

  // At most once a second, so that a thread that cannot live does not take the processor.
  #restartAfter(code: number): void {
    if (this.#stopped) return;
    const waitMs = Math.max(0, this.#workerStartedMs + RESTART_EVERY_MS - nowMs());
    this.#fault(`the probing thread ended with code ${code}, starting it again`);
    this.#restart = setTimeout(() => {
      this.#worker = this.#startWorker();
    }, waitMs);
  }
}
