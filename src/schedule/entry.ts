import type { Target } from '../target/target.ts';
import { firstDelayMs, placeOf } from './place.ts';

/** One target in the schedule. */
export type Entry = {
  target: Target;
  readonly place: number;
  /** When its next probe is due, on the monotonic clock. */
  dueMs: number;
  /** Start of the probe that runs now. */
  startedMs: number | undefined;
  /** Whether its first probe has begun; from then on `dueMs` is one of its fixed places. */
  probed: boolean;
  /** Whether the next probe is due but waits for this target's own, which is about to end. */
  delayed: boolean;
  /** Whether the target was removed while its probe ran. */
  gone: boolean;
};

// A verdict is there by the deadline and this.
const GRACE_MS = 100;
// A start may be late by this much without that looking like an overlap.
const JITTER_MS = 20;

/** Makes the entry of a target that joins the schedule at `nowMs` as one of `newTargets`. */
export function makeEntry(target: Target, nowMs: number, newTargets: number): Entry {
  const place = placeOf(target.key);
  return {
    target,
    place,
    dueMs: nowMs + firstDelayMs(place, newTargets, target.intervalMs),
    startedMs: undefined,
    probed: false,
    delayed: false,
    gone: false,
  };
}

/** How many intervals its probe is late; the first probe of a target has no place to miss. */
export function countMissedPlaces({ probed, dueMs, target }: Entry, nowMs: number): number {
  return probed ? Math.floor((nowMs - dueMs) / target.intervalMs) : 0;
}

/** Whether its running probe is at its deadline, so that it ends in a moment. */
export function isEnding({ startedMs, target }: Entry, nowMs: number): boolean {
  if (startedMs === undefined) return false;
  const pastDeadlineMs = nowMs - startedMs - target.timeoutMs;
  return pastDeadlineMs >= -JITTER_MS && pastDeadlineMs <= GRACE_MS;
}
