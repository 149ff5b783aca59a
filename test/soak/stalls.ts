import type { ResultName } from '../../src/probe/result.ts';

/** A time in which the process of the servers did not run, so that nobody was served. */
export type Stall = { readonly endedAtMs: number; readonly forMs: number };

/** A verdict that a target must not have had, as a scrape found it. */
export type Wrong = {
  readonly url: string;
  readonly kind: string;
  readonly result: ResultName;
  readonly times: number;
  readonly seenAtMs: number;
};

const LOOK_EVERY_MS = 50;
const LEAST_MS = 200;
// A probe, its way to the cache, and the scrape that shows it.
const SEEN_WITHIN_MS = 5000;

/** Watches the loop of this process; the list grows as it stands still. */
export function watchStalls(): readonly Stall[] {
  const stalls: Stall[] = [];
  let lookedAtMs = Date.now();
  setInterval(() => {
    const endedAtMs = Date.now();
    const forMs = endedAtMs - lookedAtMs - LOOK_EVERY_MS;
    if (forMs >= LEAST_MS) stalls.push({ endedAtMs, forMs });
    lookedAtMs = endedAtMs;
  }, LOOK_EVERY_MS);
  return stalls;
}

/** Whether the servers are to blame: nothing came from them for a time, and nothing is what the probe found. */
export function isExcused({ result, seenAtMs }: Wrong, stalls: readonly Stall[]): boolean {
  const isNear = ({ endedAtMs }: Stall) => endedAtMs <= seenAtMs && seenAtMs - endedAtMs <= SEEN_WITHIN_MS;
  return isTimeout(result) && stalls.some(isNear);
}

/** Whether a result says that nothing came. */
export function isTimeout(result: string): boolean {
  return result.endsWith('_timeout');
}
