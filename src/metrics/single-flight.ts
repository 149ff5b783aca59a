import { setImmediate as nextTurn } from 'node:timers/promises';

/** Something costly that is made once for all who ask for it at the same time. */
export class SingleFlight<T> {
  readonly #make: () => Promise<T>;
  #current: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** What is being made now, or was a moment ago, or else a new one. */
  get(): Promise<T> {
    this.#current ??= this.#makeForAll();
    return this.#current;
  }

  /** Whoever asks from now on gets a new one. */
  forget(): void {
    this.#current = undefined;
  }

  #makeForAll(): Promise<T> {
    const made = this.#make();
    const release = () => void this.#release(made);
    made.then(release, release);
    return made;
  }

  // Making may block the loop, and those who asked meanwhile are heard only in the turns after it.
  async #release(made: Promise<T>): Promise<void> {
    await nextTurn();
    await nextTurn();
    if (this.#current === made) this.#current = undefined;
  }
}
