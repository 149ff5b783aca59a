import { isVerdict, type ProbeResult } from '../probe/result.ts';
import { isFresh, type TargetState } from '../state/target-state.ts';

/** What may be told of a target at one moment. */
export type Observation = {
  readonly state: TargetState;
  /** The latest result, while it is fresh. */
  readonly fresh: ProbeResult | undefined;
  /** The latest result, while it is fresh and says something about the target. */
  readonly verdict: ProbeResult | undefined;
};

/** What may be told of a target at `nowMs` on the monotonic clock. */
export function observationOf(state: TargetState, nowMs: number): Observation {
  const fresh = isFresh(state, nowMs) ? state.latest : undefined;
  const verdict = fresh !== undefined && isVerdict(fresh.result) ? fresh : undefined;
  return { state, fresh, verdict };
}
