import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../runtime/worker-entry.ts';
import { Failure } from '../failure.ts';
import type { ResponseToMatch } from './match.ts';

type SettleMatch = (failure: Failure | undefined) => void;

// Twice this long, and the verdict is still in time: it is due 100 ms after the deadline.
const HALF_BUDGET_MS = 40;
// If the thread used less CPU in the second half, the machine is too busy, and the content is not slow.
const BUSY_MS = 20;
// For a thread that does not even report its CPU time.
const GIVE_UP_MS = 2 * HALF_BUDGET_MS + 10;
const TOO_BUSY = 'the machine was too busy to match the response';

// Without a limit each thread could take 64 MB before it collects garbage.
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };

/** A thread that matches one response at a time, and can be ended at any moment. */
export class MatchingThread {
  readonly #worker: Worker;
  /** Resolves when it runs, or cannot run. */
  readonly ready: Promise<void>;
  #settle: SettleMatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastTimer: NodeJS.Timeout | undefined;
  /** Whether it was too slow or broke, and must not be used again. */
  isSpent = false;

  constructor() {
    this.#worker = new Worker(workerEntry('matching-worker', import.meta.url), {
      resourceLimits: RESOURCE_LIMITS,
    });
    this.ready = new Promise((resolve) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', () => resolve());
    });
    // The copy of a failure that arrives here is a plain object.
    this.#worker.on('message', (failure: Failure | undefined) => {
      this.#settle?.(failure && new Failure(failure.result, failure.reason));
    });
    this.#worker.on('error', ({ message }) => this.#fail('internal_error', `matching failed: ${message}`));
    // It must not keep the process alive. A listener added after this would do so again.
    this.#worker.unref();
  }

  /** Why a response is not as expected, if it is not; one that takes too long to match is not. */
  async match(response: ResponseToMatch): Promise<Failure | undefined> {
    await this.ready;
    if (this.isSpent) return new Failure('internal_error', 'the matching thread could not start');
    return new Promise((resolve) => {
      this.#settle = (failure) => {
        clearTimeout(this.#timer);
        clearTimeout(this.#lastTimer);
        this.#settle = undefined;
        resolve(failure);
      };
      this.#timer = setTimeout(() => void this.#sampleCpu(this.#settle), HALF_BUDGET_MS);
      this.#lastTimer = setTimeout(() => this.#fail('internal_error', TOO_BUSY), GIVE_UP_MS);
      this.#worker.postMessage(response);
    });
  }

  end(): void {
    void this.#worker.terminate();
  }

  async #sampleCpu(current: SettleMatch | undefined): Promise<void> {
    const beforeMs = await this.#cpuMs();
    if (this.#settle !== current) return;
    this.#timer = setTimeout(() => void this.#decide(current, beforeMs), HALF_BUDGET_MS);
  }

  async #decide(current: SettleMatch | undefined, beforeMs: number): Promise<void> {
    const busyMs = (await this.#cpuMs()) - beforeMs;
    if (this.#settle !== current) return;
    if (busyMs < BUSY_MS) this.#fail('internal_error', TOO_BUSY);
    else this.#fail('unexpected_content', 'the content took too long to match');
  }

  async #cpuMs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return (user + system) / 1000;
  }

  #fail(result: 'internal_error' | 'unexpected_content', reason: string): void {
    this.isSpent = true;
    this.#settle?.(new Failure(result, reason));
  }
}
