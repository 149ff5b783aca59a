import { allFacts } from '../state/facts.ts';
import type { TargetState } from '../state/target-state.ts';

/** The results of a round as JSON: the facts of each target as `/api/v1/targets` has them, but no next probe. */
export function jsonReport(states: readonly TargetState[]): string {
  const targets = allFacts(states).map(({ nextProbe: _, ...facts }) => facts);
  return `${JSON.stringify(targets, undefined, 2)}\n`;
}
