import type { Failure } from './failure.ts';
import { JudgeThread } from './judge-thread.ts';
import type { Case } from './judgement.ts';

type Job = { readonly response: Case; readonly settle: (failure: Failure | undefined) => void };

/**
 * Judges responses one after the other in a thread of its own. A case that takes too long is ended together with its
 * thread, and another one, kept ready, goes on with the next.
 */
export class Judge {
  readonly #jobs: Job[] = [];
  #thread = new JudgeThread();
  #spare = new JudgeThread();
  #isWorking = false;

  /** Why a response is not as expected, if it is not. */
  ask(response: Case): Promise<Failure | undefined> {
    return new Promise((settle) => {
      this.#jobs.push({ response, settle });
      if (!this.#isWorking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      job.settle(await this.#judged(job.response));
    }
    this.#isWorking = false;
  }

  async #judged(response: Case): Promise<Failure | undefined> {
    const answer = await this.#thread.answer(response);
    if (this.#thread.isSpent) {
      this.#thread.end();
      this.#thread = this.#spare;
      this.#spare = new JudgeThread();
    }
    return answer;
  }
}
