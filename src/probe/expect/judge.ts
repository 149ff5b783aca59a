import { Failure } from '../failure.ts';
import type { Case } from './judgement.ts';
import { JudgeThread } from './matching-thread.ts';

/** Why a response is not as expected, if it is not. */
export type Answer = {
  readonly failure: Failure | undefined;
  /** Whether the thread that judged it had to be ended; absent if it was not judged. */
  readonly tookTooLong?: boolean;
};

type Job = {
  readonly response: Case;
  readonly settle: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * Judges responses one after the other in a thread of its own. A case that takes too long is ended together with its
 * thread, and another one, kept ready, goes on with the next.
 */
export class Judge {
  readonly #jobs = new Set<Job>();
  #thread = new JudgeThread();
  #spare = new JudgeThread();
  #isWorking = false;

  /** Resolves once a response could be judged at once; a thread takes far longer to start than a verdict may. */
  get ready(): Promise<void> {
    return this.#thread.ready;
  }

  /** Judges a response; if it gets no turn within its patience, that is a failure of ours. */
  ask(response: Case, patienceMs: number): Promise<Answer> {
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
      job.settle(await this.#judged(job.response));
    }
    this.#isWorking = false;
  }

  #giveUp(job: Job): void {
    this.#jobs.delete(job);
    const failure = new Failure('internal_error', 'too many responses waited to be judged');
    job.settle({ failure });
  }

  async #judged(response: Case): Promise<Answer> {
    const failure = await this.#thread.answer(response);
    const tookTooLong = this.#thread.isSpent;
    if (tookTooLong) {
      this.#thread.end();
      this.#thread = this.#spare;
      this.#spare = new JudgeThread();
    }
    return { failure, tookTooLong };
  }
}
