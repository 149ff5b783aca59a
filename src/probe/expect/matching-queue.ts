import { Failure } from '../failure.ts';
import type { ResponseToMatch } from './match.ts';
import { MatchingThread } from './matching-thread.ts';

/** Why a response is not as expected, if it is not. */
type MatchOutcome = {
  readonly failure: Failure | undefined;
  /** Whether it took too long; absent if it was never started. */
  readonly isSlow?: boolean;
};

type Job = {
  readonly response: ResponseToMatch;
  readonly settle: (outcome: MatchOutcome) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * Matches responses one after the other in a thread of its own. If one takes too long, its thread is ended, and a spare
 * one continues with the next.
 */
export class MatchingQueue {
  readonly #jobs = new Set<Job>();
  #thread = new MatchingThread();
  // A thread takes longer to start than a verdict may take.
  #spare = new MatchingThread();
  #isWorking = false;

  /** Resolves when a response could be matched at once. */
  get ready(): Promise<void> {
    return this.#thread.ready;
  }

  /** Matches a response; if it is not started within `patienceMs`, that is a failure of ours. */
  match(response: ResponseToMatch, patienceMs: number): Promise<MatchOutcome> {
    return new Promise((settle) => {
      const job = { response, settle, timer: setTimeout(() => this.#giveUp(job), patienceMs) };
      this.#jobs.add(job);
      if (!this.#isWorking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#jobs.size > 0) {
      await this.#thread.ready;
      const [job] = this.#jobs;
      if (job === undefined) break;
      this.#jobs.delete(job);
      clearTimeout(job.timer);
      job.settle(await this.#matchNow(job.response));
    }
    this.#isWorking = false;
  }

  #giveUp(job: Job): void {
    this.#jobs.delete(job);
    job.settle({ failure: new Failure('internal_error', 'too many responses are waiting to be matched') });
  }

  async #matchNow(response: ResponseToMatch): Promise<MatchOutcome> {
    const failure = await this.#thread.match(response);
    const isSlow = this.#thread.isSpent;
    if (isSlow) {
      this.#thread.end();
      this.#thread = this.#spare;
      this.#spare = new MatchingThread();
    }
    return { failure, isSlow };
  }
}
