import type { ResultName } from '../../src/probe/result.ts';
import type { Site } from './serving.ts';

/** The keys of a target in the config file. */
export type Settings = Readonly<Record<string, unknown>>;

/** A kind of target, and what a probe may make of it. */
export type Kind = {
  readonly name: string;
  /** Targets of this kind among 2000. */
  readonly weight: number;
  readonly results: readonly ResultName[];
  /** Whether each probe reaches the servers exactly once, none does, or nobody can say. */
  readonly reaches: 'once' | 'never' | 'unknown';
  /** Whether there may be further targets of it, at new paths. */
  readonly isOpen?: boolean;
  start(site: Site): Promise<Started>;
};

/** The targets of a kind that are served now. */
export type Started = {
  readonly urls: readonly string[];
  readonly settings?: Settings;
  /** Takes the next step of what changes as time goes on. */
  turn?(): Promise<void>;
};

/** How many targets there are of each kind, out of so many in all. */
export function shareOf({ weight }: Kind, targets: number): number {
  return Math.max(1, Math.round((weight * targets) / 2000));
}
