import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../runtime/worker-entry.ts';
import { Failure } from '../failure.ts';
import type { Case, Objection } from './judgement.ts';

type Settle = (failure: Failure | undefined) => void;

// Twice this long, and the verdict is still in time: it is due 100 ms after the deadline.
const HALF_BUDGET_MS = 40;
// Of the second half, what the thread must have worked for the content to be to blame, and not a busy machine.
const BUSY_MS = 20;
// Nobody can tell who is to blame if the thread does not even say how much it worked.
const GIVE_UP_MS = 2 * HALF_BUDGET_MS + 10;
const TOO_BUSY = 'the machine was too busy to judge the response';

// There are two of them and soon four, each of which would else take up to 64 MB before it collects any garbage.
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };

/** A thread that judges one response at a time, and can be ended at any moment. */
export class JudgeThread {
  readonly #worker: Worker;
  /** Resolves once it runs, or cannot. */
  readonly ready: Promise<void>;
  #settle: Settle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastTimer: NodeJS.Timeout | undefined;
  /** Whether it ran late or broke, and is of no more use. */
  isSpent = false;

  constructor() {
    this.#worker = new Worker(workerEntry('matching-worker', import.meta.url), {
      resourceLimits: RESOURCE_LIMITS,
    });
    this.ready = new Promise((resolve) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', () => resolve());
    });
    this.#worker.on('message', (objection: Objection | undefined) => {
      this.#settle?.(objection && new Failure(objection.result, objection.reason));
    });
    this.#worker.on('error', ({ message }) => this.#give('internal_error', `judging failed: ${message}`));
    // It must not keep the process from its end; listening would take that back.
    this.#worker.unref();
  }

  /** Why a response is not as expected, if it is not; one that takes too long to judge is not. */
  async answer(response: Case): Promise<Failure | undefined> {
    await this.ready;
    if (this.isSpent) return new Failure('internal_error', 'the judging thread could not start');
    return new Promise((resolve) => {
      this.#settle = (failure) => {
        clearTimeout(this.#timer);
        clearTimeout(this.#lastTimer);
        this.#settle = undefined;
        resolve(failure);
      };
      this.#timer = setTimeout(() => void this.#suspect(this.#settle), HALF_BUDGET_MS);
      this.#lastTimer = setTimeout(() => this.#give('internal_error', TOO_BUSY), GIVE_UP_MS);
      this.#worker.postMessage(response);
    });
  }

  end(): void {
    void this.#worker.terminate();
  }

  async #suspect(asked: Settle | undefined): Promise<void> {
    const beforeMs = await this.#workedMs();
    if (this.#settle !== asked) return;
    this.#timer = setTimeout(() => void this.#convict(asked, beforeMs), HALF_BUDGET_MS);
  }

  async #convict(asked: Settle | undefined, beforeMs: number): Promise<void> {
    const busyMs = (await this.#workedMs()) - beforeMs;
    if (this.#settle !== asked) return;
    if (busyMs < BUSY_MS) this.#give('internal_error', TOO_BUSY);
    else this.#give('unexpected_content', 'the content took too long to judge');
  }

  async #workedMs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return (user + system) / 1000;
  }

  #give(result: 'internal_error' | 'unexpected_content', reason: string): void {
    this.isSpent = true;
    this.#settle?.(new Failure(result, reason));
  }
}
