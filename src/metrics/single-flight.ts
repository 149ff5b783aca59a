import { setImmediate as nextTurn } from 'node:timers/promises';

/** Makes something costly once for all who ask for it at the same time. */
export class SingleFlight<T> {
  readonly #make: () => Promise<T>;
  #current: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** The one that is being made or was made a moment ago, or else a new one. */
  get(): Promise<T> {
    this.#current ??= this.#start();
    return this.#current;
  }

  /** Every later call of `get` gets a new one. */
  forget(): void {
    this.#current = undefined;
  }

  #start(): Promise<T> {
    const current = this.#make();
    const release = () => void this.#release(current);
    current.then(release, release);
    return current;
  }

  // If making it blocks the event loop, requests that came meanwhile are read only in the turns after it.
  async #release(current: Promise<T>): Promise<void> {
    await nextTurn();
    await nextTurn();
    if (this.#current === current) this.#current = undefined;
  }
}
