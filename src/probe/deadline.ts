import { nowMs } from '../runtime/clock.ts';
import { Failure } from './failure.ts';
import { RESULTS, type ResultName } from './result.ts';

/** A step calls it once, with its outcome. */
export type Settle<T> = (outcome: T | Failure) => void;

/** Starts a step; returns a function that ends it at once and frees its resources. */
export type StartStep<T> = (settle: Settle<T>) => () => void;

// A timer that fires later than this was not delayed by the peer: our event loop stood still.
const STALL_MS = 100;
// If our loop stood still for this last share of the time, a response may have arrived that we had no time to read.
const LAST_SHARE = 0.1;
// If our loop was busy for this share of the whole time, responses queued: many short waits are as much our fault as a long one.
const SATURATED_SHARE = 0.95;

/** The one deadline of a probe: its steps run one after the other, and none outlives it. */
export class Deadline {
  readonly #dueMs: number;
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #lastMs: number;
  readonly #lastTimer: NodeJS.Timeout;
  // Whether our loop ran in the last part of the time.
  #isAwake = false;
  #isExpired = false;
  #stalledMs = 0;
  readonly #loopBefore = performance.eventLoopUtilization();
  #expireStep: (() => void) | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#dueMs = nowMs() + timeoutMs;
    this.#timer = setTimeout(() => this.#expire(), timeoutMs);
    this.#lastMs = Math.min(Math.max(STALL_MS, timeoutMs * LAST_SHARE), timeoutMs / 2);
    this.#lastTimer = setTimeout(() => {
      this.#isAwake = nowMs() < this.#dueMs;
    }, timeoutMs - this.#lastMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#dueMs - nowMs());
  }

  /** Runs one step; if the deadline passes first, the step is ended and the outcome is a failure with the result `late`. */
  run<T>(late: ResultName, start: StartStep<T>): Promise<T | Failure> {
    return new Promise((resolve) => {
      if (this.#isExpired) return resolve(this.#lateFailure(late));
      let end: (() => void) | undefined;
      let isSettled = false;
      const settle: Settle<T> = (outcome) => {
        if (isSettled) return;
        if (nowMs() > this.#dueMs && !this.#isExpired) return this.#expire();
        isSettled = true;
        this.#expireStep = undefined;
        resolve(outcome);
      };
      this.#expireStep = () => {
        end?.();
        settle(this.#lateFailure(late));
      };
      end = start(settle);
      if (isSettled && this.#isExpired) end();
    });
  }

  /** Frees the timers; call it when the probe is over. */
  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#lastTimer);
  }

  #expire(): void {
    this.#isExpired = true;
    this.stop();
    this.#stalledMs = nowMs() - this.#dueMs;
    this.#expireStep?.();
  }

  #lateFailure(late: ResultName): Failure {
    if (this.#stalledMs > STALL_MS)
      return internalError(`stood still for ${Math.round(this.#stalledMs)} ms past the deadline`);
    if (!this.#isAwake)
      return internalError(`stood still for ${Math.round(this.#lastMs)} ms up to the deadline`);
    const { utilization } = performance.eventLoopUtilization(this.#loopBefore);
    if (utilization > SATURATED_SHARE)
      return internalError(`was busy for ${Math.round(utilization * 100)} % of the time`);
    return new Failure(late, `${RESULTS[late]}, ${this.#timeoutMs} ms`);
  }
}

function internalError(what: string): Failure {
  return new Failure('internal_error', `the exporter itself ${what}`);
}
