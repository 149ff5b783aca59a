import type { ProbeResult } from '../probe/result.ts';
import { type Health, healthOf, type TargetState } from './target-state.ts';

/** A change of a target's health. */
export type Transition = {
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly from: Health;
  readonly to: Health;
  readonly result: string;
  /** Why, where it is not up. */
  readonly reason?: string;
  /** How long the health before lasted; absent with the first result. */
  readonly afterMs?: number;
};

/** The change that a new result makes to a state that does not have it yet; a first success is no change. */
export function transitionOf(
  { target, latest, sinceMs }: TargetState,
  result: ProbeResult,
): Transition | undefined {
  const [from, to] = [healthOf(latest), healthOf(result)];
  // A first result that is no verdict leaves the target unknown, but it is a fault of the exporter.
  if (latest === undefined ? to === 'up' : from === to) return undefined;
  const { url, labels } = target;
  const { result: name, reason } = result;
  return {
    url,
    labels,
    from,
    to,
    result: name,
    ...(reason !== undefined && { reason }),
    ...(sinceMs !== undefined && { afterMs: Math.max(0, Math.round(result.endedAtMs - sinceMs)) }),
  };
}
