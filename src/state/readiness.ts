import type { ResultsMessage } from '../schedule/messages.ts';
import { firstDelayMs, placeOf } from '../schedule/place.ts';
import type { Target } from '../target/target.ts';
import type { Cache } from './cache.ts';

type FirstProbe = { readonly key: string; readonly deadlineAfterMs: number };

/**
 * Whether the first round is over: each target of the start has a result, or its first deadline has passed. That time is
 * the probing thread's, from its first targets to its latest batch: on a busy host the threads may get no processor, and a
 * deadline that passed meanwhile says nothing.
 */
export class Readiness {
  #missing: FirstProbe[];
  #probingMs: number | undefined;

  constructor(targets: readonly Target[]) {
    this.#missing = targets.map(({ key, intervalMs, timeoutMs }) => {
      const delayMs = firstDelayMs(placeOf(key), targets.length, intervalMs);
      return { key, deadlineAfterMs: delayMs + timeoutMs };
    });
  }

  /** Takes note of how long the probing thread has probed. */
  record({ sentMs, probingSinceMs }: Pick<ResultsMessage, 'sentMs' | 'probingSinceMs'>): void {
    if (probingSinceMs !== undefined) this.#probingMs = sentMs - probingSinceMs;
  }

  /** Once true it stays so, whatever targets come later. */
  isReady(cache: Cache): boolean {
    const probingMs = this.#probingMs;
    if (probingMs === undefined) return false;
    this.#missing = this.#missing.filter(
      ({ key, deadlineAfterMs }) => probingMs <= deadlineAfterMs && cache.state(key)?.latest === undefined,
    );
    return this.#missing.length === 0;
  }
}
