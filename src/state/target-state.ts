import { isVerdict, type ProbeResult, type ResultName } from '../probe/result.ts';
import type { Target } from '../target/target.ts';
import type { History } from './history.ts';

/** What the latest result says about its target: nothing, if it is no verdict. */
export type Health = 'up' | 'down' | 'unknown';

/** What is known about one target. */
export type TargetState = {
  readonly target: Target;
  /** When its counters were at 0, Unix milliseconds. */
  readonly countedSinceMs: number;
  /** Its latest result, whatever its age, see {@link isFresh}. */
  readonly latest: ProbeResult | undefined;
  /** Probes by result since the start: the results it has had, and `success` in any case. */
  readonly counts: ReadonlyMap<ResultName, number>;
  /** Verdicts other than `success` since the start. */
  readonly failures: number;
  /** End of the first of the latest results that all say the same about the target's health, Unix milliseconds. */
  readonly sinceMs: number | undefined;
  readonly history: History;
};

const STALE_AFTER_INTERVALS = 3;

/** Whether the latest result may still be exported: it is at most 3 intervals and a timeout old, on the monotonic clock. */
export function isFresh({ target, latest }: Pick<TargetState, 'target' | 'latest'>, nowMs: number): boolean {
  return latest !== undefined && nowMs - latest.endedMs <= staleAfterMs(target);
}

/** The age up to which a result is exported. */
export function staleAfterMs({ intervalMs, timeoutMs }: Target): number {
  return STALE_AFTER_INTERVALS * intervalMs + timeoutMs;
}

/** What a result says about its target, whatever its age. */
export function healthOf(latest: ProbeResult | undefined): Health {
  if (latest === undefined || !isVerdict(latest.result)) return 'unknown';
  return latest.result === 'success' ? 'up' : 'down';
}
