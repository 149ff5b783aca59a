import type { Log } from '../log.ts';
import { formatDuration } from '../target/duration.ts';
import type { Transition } from './transition.ts';

const MOST_LINES = 50;
const PERIOD_MS = 10_000;

/** Logs each target that changes its state, one line each; when very many do at once, the rest is only counted. */
export class TransitionLog {
  readonly #log: Log;
  #lines = 0;
  #further = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  write(transitions: readonly Transition[]): void {
    for (const transition of transitions) {
      this.#timer ??= setTimeout(() => this.#endPeriod(), PERIOD_MS).unref();
      if (this.#lines < MOST_LINES) this.#writeLine(transition);
      else this.#further += 1;
    }
  }

  /** Logs how many were only counted. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#endPeriod();
  }

  #writeLine({ to, afterMs, ...fields }: Transition): void {
    this.#lines += 1;
    const after = afterMs === undefined ? {} : { after: formatDuration(afterMs) };
    this.#log[to === 'up' ? 'info' : 'warn']({ ...fields, to, ...after }, `target is ${to}`);
  }

  #endPeriod(): void {
    if (this.#further > 0) this.#log.warn({ targets: this.#further }, 'further targets changed their state');
    this.#timer = undefined;
    this.#lines = 0;
    this.#further = 0;
  }
}
