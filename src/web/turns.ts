import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets costly work be done one piece after the other, the loop turning in between: done for a hundred requests at once,
 * all of what it makes would be in memory together, and no scrape would be answered meanwhile.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does this when all that came before is done, however that ended. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.then(nextTurn, nextTurn);
    return turn;
  }
}
