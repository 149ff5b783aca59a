import type { ProbeResult } from '../probe/result.ts';
import { type Cache, type Health, healthOf } from './cache.ts';

/** A target that has become something else than it was. */
export type Transition = {
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly from: Health;
  readonly to: Health;
  readonly result: string;
  /** Why, where it is not up. */
  readonly reason?: string;
  /** How long it had been what it was; absent if it had never been looked at. */
  readonly afterMs?: number;
};

/** What results change that the cache does not hold yet; a first result is told unless it is up. */
export function transitionsOf(results: readonly ProbeResult[], cache: Cache): readonly Transition[] {
  return results.flatMap((result) => transitionOf(result, cache));
}

function transitionOf(result: ProbeResult, cache: Cache): readonly Transition[] {
  const state = cache.state(result.key);
  if (state === undefined) return [];
  const { target, latest, sinceMs } = state;
  const [from, to] = [healthOf(latest), healthOf(result)];
  // A first result that is no verdict leaves a target unknown as it was, but is a fault of ours.
  if (latest === undefined ? to === 'up' : from === to) return [];
  const { url, labels } = target;
  const { result: name, reason } = result;
  return [
    {
      url,
      labels,
      from,
      to,
      result: name,
      ...(reason !== undefined && { reason }),
      ...(sinceMs !== undefined && { afterMs: Math.max(0, Math.round(result.endedAtMs - sinceMs)) }),
    },
  ];
}
