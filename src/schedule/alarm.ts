import { nowMs } from '../runtime/clock.ts';

/** Time as the schedule sees it. */
export type Clock = {
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock in Unix milliseconds. */
  readonly wallMs: () => number;
  /** Calls back once after a delay; what it returns cancels that. */
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
};

/** The clocks and timers of this machine. */
export const SYSTEM_CLOCK: Clock = {
  nowMs,
  wallMs: Date.now,
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

const HEARTBEAT_MS = 100;
// With no probe under way a stall spoils no result, and an idle loop need not wake up for it.
const IDLE_HEARTBEAT_MS = 1000;
// A ring that is later than this means that the loop stood still (SIGSTOP, no processor), not that it was busy.
const STALL_MS = 1000;

/**
 * The one timer of the schedule: it rings when something is due and, while there are probes under way, ten times a second
 * besides, so that a stall of the event loop shows.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #onStall: (stalledMs: number) => void;
  #stopped = false;
  #ringMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #stalledMs = 0;
  #stallEndMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, ring: () => void, onStall: (stalledMs: number) => void) {
    this.#clock = clock;
    this.#ring = ring;
    this.#onStall = onStall;
  }

  /** Rings at the given time, or at the next heartbeat if that is sooner. */
  set(dueMs: number, isProbing: boolean): void {
    const atMs = this.#clock.nowMs();
    // What was due long ago is due now: a late ring is a stall, a late schedule is not.
    const ringMs = Math.max(atMs, Math.min(dueMs, atMs + (isProbing ? HEARTBEAT_MS : IDLE_HEARTBEAT_MS)));
    if (this.#stopped || this.#ringMs <= ringMs) return;
    this.#cancel?.();
    this.#ringMs = ringMs;
    this.#cancel = this.#clock.setTimer(() => this.#fire(), Math.ceil(ringMs - atMs));
  }

  /** Never rings again. */
  stop(): void {
    this.#stopped = true;
    this.#ringMs = Number.POSITIVE_INFINITY;
    this.#cancel?.();
  }

  /** Milliseconds for which the loop stood still at some time after `sinceMs`, or 0. */
  stalledMs(sinceMs: number): number {
    this.#checkStall();
    return sinceMs < this.#stallEndMs ? this.#stalledMs : 0;
  }

  #fire(): void {
    this.#checkStall();
    this.#ringMs = Number.POSITIVE_INFINITY;
    this.#ring();
  }

  // Also called for each result, since after a stall one may come before the timer has fired.
  #checkStall(): void {
    const atMs = this.#clock.nowMs();
    const lateMs = atMs - this.#ringMs;
    if (lateMs <= STALL_MS) return;
    this.#stalledMs = lateMs;
    this.#stallEndMs = atMs;
    this.#ringMs = atMs;
    this.#onStall(lateMs);
  }
}
