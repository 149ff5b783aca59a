import { nowMs } from '../runtime/clock.ts';
import { Failure } from './failure.ts';
import { RESULTS, type ResultName } from './result.ts';

/** What a step calls once, with what it found. */
export type Settle<T> = (outcome: T | Failure) => void;

/** Starts a step; returns what ends it at once and frees what it holds. */
export type StartStep<T> = (settle: Settle<T>) => () => void;

// A timer that fires later than this was not delayed by the peer: our loop stood still.
const STALL_MS = 100;
// Where our loop stood still for this share of the time up to the deadline, an answer may have come and waited for us.
const LAST_SHARE = 0.1;
// Where our loop was busy for this share of the whole time, answers queued: many short waits are as much ours as a long one.
const SATURATED_SHARE = 0.95;

/** The one deadline of a probe: its steps run one after the other, and none outlives it. */
export class Deadline {
  readonly #dueMs: number;
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #lastMs: number;
  readonly #lastTimer: NodeJS.Timeout;
  // Whether our loop was alive in the last part of the time.
  #awake = false;
  #expired = false;
  #stalledMs = 0;
  readonly #loopBefore = performance.eventLoopUtilization();
  #expireStep: (() => void) | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#dueMs = nowMs() + timeoutMs;
    this.#timer = setTimeout(() => this.#expire(), timeoutMs);
    this.#lastMs = Math.min(Math.max(STALL_MS, timeoutMs * LAST_SHARE), timeoutMs / 2);
    this.#lastTimer = setTimeout(() => {
      this.#awake = nowMs() < this.#dueMs;
    }, timeoutMs - this.#lastMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#dueMs - nowMs());
  }

  /** Runs one step; when time is up first, the step is ended and the outcome is a failure with the result `late`. */
  run<T>(late: ResultName, start: StartStep<T>): Promise<T | Failure> {
    return new Promise((resolve) => {
      if (this.#expired) return resolve(this.#lateFailure(late));
      let end: (() => void) | undefined;
      let settled = false;
      const settle: Settle<T> = (outcome) => {
        if (settled) return;
        if (nowMs() > this.#dueMs && !this.#expired) return this.#expire();
        settled = true;
        this.#expireStep = undefined;
        resolve(outcome);
      };
      this.#expireStep = () => {
        end?.();
        settle(this.#lateFailure(late));
      };
      end = start(settle);
      if (settled && this.#expired) end();
    });
  }

  /** Frees the timers; to be called once the probe is over. */
  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#lastTimer);
  }

  #expire(): void {
    this.#expired = true;
    this.stop();
    this.#stalledMs = nowMs() - this.#dueMs;
    this.#expireStep?.();
  }

  #lateFailure(late: ResultName): Failure {
    if (this.#stalledMs > STALL_MS)
      return ours(`stood still for ${Math.round(this.#stalledMs)} ms past the deadline`);
    if (!this.#awake) return ours(`stood still for ${Math.round(this.#lastMs)} ms up to the deadline`);
    const { utilization } = performance.eventLoopUtilization(this.#loopBefore);
    if (utilization > SATURATED_SHARE)
      return ours(`had work for ${Math.round(utilization * 100)} % of the time`);
    return new Failure(late, `${RESULTS[late]}, ${this.#timeoutMs} ms`);
  }
}

function ours(what: string): Failure {
  return new Failure('internal_error', `the exporter itself ${what}`);
}
