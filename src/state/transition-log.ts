import type { Log } from '../log.ts';
import { formatDuration } from '../target/duration.ts';
import type { Transition } from './transition.ts';

const MOST_LINES = 50;
const PERIOD_MS = 10_000;

/** Logs each target that changes its state, one line each; when very many do at once, the rest is counted. */
export class ChangeLog {
  readonly #log: Log;
  #lines = 0;
  #untold = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  tell(transitions: readonly Transition[]): void {
    for (const transition of transitions) {
      this.#timer ??= setTimeout(() => this.#endPeriod(), PERIOD_MS).unref();
      if (this.#lines < MOST_LINES) this.#line(transition);
      else this.#untold += 1;
    }
  }

  /** Tells what is still to be told. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#endPeriod();
  }

  #line({ to, afterMs, ...facts }: Transition): void {
    this.#lines += 1;
    const after = afterMs === undefined ? {} : { after: formatDuration(afterMs) };
    this.#log[to === 'up' ? 'info' : 'warn']({ ...facts, to, ...after }, `target is ${to}`);
  }

  #endPeriod(): void {
    if (this.#untold > 0) this.#log.warn({ targets: this.#untold }, 'further targets changed their state');
    this.#timer = undefined;
    this.#lines = 0;
    this.#untold = 0;
  }
}
