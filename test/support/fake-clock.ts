import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { Clock } from '../../src/schedule/alarm.ts';

type Timer = { readonly atMs: number; readonly callback: () => void };

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #wallAheadMs: number;
  #timers: Timer[] = [];

  constructor(wallMs = 1_700_000_000_000) {
    this.#wallAheadMs = wallMs - this.#nowMs;
  }

  readonly nowMs = (): number => this.#nowMs;

  readonly wallMs = (): number => this.#nowMs + this.#wallAheadMs;

  readonly setTimer = (callback: () => void, delayMs: number): (() => void) => {
    // As with setTimeout, none fires at once.
    const timer = { atMs: this.#nowMs + Math.max(1, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get timers(): number {
    return this.#timers.length;
  }

  /** The wall clock is set; the monotonic one knows nothing of it. */
  setWall(aheadMs: number): void {
    this.#wallAheadMs += aheadMs;
  }

  /** Time passes, and what is due is called at its time. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    await turnOfLoop();
    for (let timer = this.#take(endMs); timer !== undefined; timer = this.#take(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.callback();
      await turnOfLoop();
    }
    this.#nowMs = endMs;
  }

  /** Time passes while nothing can be called, as with SIGSTOP; what was due then is called at its end, all late. */
  async standStill(durationMs: number): Promise<void> {
    this.#nowMs += durationMs;
    await this.pass(0);
  }

  #take(untilMs: number): Timer | undefined {
    const next = this.#timers.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.atMs < first.atMs ? timer : first),
      undefined,
    );
    if (next === undefined || next.atMs > untilMs) return undefined;
    this.#timers = this.#timers.filter((timer) => timer !== next);
    return next;
  }
}
