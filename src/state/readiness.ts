import { firstDelayMs, placeOf } from '../schedule/place.ts';
import type { Target } from '../target/target.ts';
import type { Cache } from './cache.ts';

type Awaited = { readonly key: string; readonly deadlineMs: number };

/** Whether the first round is over: each target of the start has a result, or its first deadline has passed. */
export class Readiness {
  #awaited: Awaited[];

  /** `startedMs` is when the probing thread got the targets, on the monotonic clock. */
  constructor(targets: readonly Target[], startedMs: number) {
    this.#awaited = targets.map(({ key, intervalMs, timeoutMs }) => {
      const delayMs = firstDelayMs(placeOf(key), targets.length, intervalMs);
      return { key, deadlineMs: startedMs + delayMs + timeoutMs };
    });
  }

  /** Once true it stays so, whatever targets come later. */
  isReady(cache: Cache, nowMs: number): boolean {
    this.#awaited = this.#awaited.filter(
      ({ key, deadlineMs }) => nowMs <= deadlineMs && cache.state(key)?.latest === undefined,
    );
    return this.#awaited.length === 0;
  }
}
