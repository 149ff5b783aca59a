import { nowMs } from './clock.ts';

const BUSY_PERIOD_MS = 20;
const IDLE_PERIOD_MS = 1000;
// After this many quiet seconds the loop counts as idle; most scrapers come sooner.
const SECONDS_TO_IDLE = 60;

/**
 * Watches the delays of the event loop of the thread it is made in, by how late a timer of its own fires. While there is
 * work it fires every 20 ms. An idle loop would wake up for little else, so there it fires each second, and the work of
 * that second counts as one block: no delay is longer.
 */
export class LoopDelay {
  readonly #secondsToIdle: number;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #quietSeconds = 0;
  #secondStartedMs = nowMs();
  #before = performance.eventLoopUtilization();
  #largestMs = 0;

  constructor(secondsToIdle = SECONDS_TO_IDLE) {
    this.#secondsToIdle = secondsToIdle;
    this.#setTimer();
  }

  /** Whether it fires each second only. */
  get isIdle(): boolean {
    return this.#quietSeconds >= this.#secondsToIdle;
  }

  /** The largest delay since the last call, in milliseconds. A block is in it two seconds later at most. */
  take(): number {
    const largestMs = this.#largestMs;
    this.#largestMs = 0;
    return largestMs;
  }

  /** To be called before long work in pieces: an idle loop would count it as one block. */
  wake(): void {
    const wasIdle = this.isIdle;
    this.#quietSeconds = 0;
    if (!wasIdle) return;
    this.#startSecond();
    this.#setTimer();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const periodMs = this.isIdle ? IDLE_PERIOD_MS : BUSY_PERIOD_MS;
    this.#dueMs = nowMs() + periodMs;
    this.#timer = setTimeout(() => this.#observe(), periodMs).unref();
  }

  #observe(): void {
    const now = nowMs();
    const lateMs = now - this.#dueMs;
    this.#largestMs = Math.max(this.#largestMs, lateMs);
    if (this.isIdle || now - this.#secondStartedMs >= IDLE_PERIOD_MS) this.#endSecond(lateMs);
    this.#setTimer();
  }

  #endSecond(lateMs: number): void {
    const { active } = performance.eventLoopUtilization(this.#before);
    const isQuiet = Math.max(active, lateMs) <= BUSY_PERIOD_MS;
    if (this.isIdle && !isQuiet) this.#largestMs = Math.max(this.#largestMs, active);
    this.#quietSeconds = isQuiet ? this.#quietSeconds + 1 : 0;
    this.#startSecond();
  }

  #startSecond(): void {
    this.#before = performance.eventLoopUtilization();
    this.#secondStartedMs = nowMs();
  }
}
