import type { Target } from '../target/target.ts';
import type { Discovered } from './discovery/target-files.ts';
import type { EffectiveGlobal } from './effective/effective.ts';
import { resolveTargets } from './effective/resolve.ts';
import { warningsOf } from './effective/warning.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './fault.ts';
import type { Fingerprints } from './fingerprint.ts';
import type { TargetSettings } from './schema/schema.ts';

/** The settings in effect, with the targets they make. */
export type Config = {
  readonly targets: readonly Target[];
  /** Most probes at once. */
  readonly concurrency: number;
  /** For the log: what is allowed but not as it should be. */
  readonly warnings: readonly string[];
  /** Upper bounds of the histogram; none without it. */
  readonly histogramBucketsMs?: readonly number[];
  /** What is wrong in target files: at a reload these keep what was last right in them. */
  readonly targetFileFaults: readonly Fault[];
  /** The files that make the config, to be watched, and what they held. */
  readonly files: () => Promise<readonly string[]>;
  readonly fingerprints: Fingerprints;
  /** The same settings in the terms of the config file, for showing them. */
  readonly settings: EffectiveSettings;
};

/** The top level in effect, and what each target sets itself, in the order of the targets. */
export type EffectiveSettings = {
  readonly global: EffectiveGlobal;
  readonly targets: readonly TargetSettings[];
  /** The paths, as texts, whose value came from the environment. */
  readonly filled: ReadonlySet<string>;
};

/** Makes the config of settings and of what target files name. */
export function configOf(
  settings: EffectiveSettings,
  discovered: Discovered,
  files: Config['files'],
  env: Environment,
): Config {
  const { global } = settings;
  const all = [...settings.targets, ...discovered.targets];
  const { targets, repeated } = withoutDuplicates(resolveTargets(global, all, env));
  const { histogram_buckets_ms: histogramBucketsMs } = global;
  return {
    targets,
    concurrency: global.concurrency,
    ...(histogramBucketsMs && { histogramBucketsMs }),
    warnings: [...warningsOf(targets, settings.targets, global), ...repeated],
    targetFileFaults: discovered.faults,
    files,
    fingerprints: discovered.fingerprints,
    settings,
  };
}

// Those of the config file are unique; a target file may name one again.
function withoutDuplicates(all: readonly Target[]): {
  targets: readonly Target[];
  repeated: readonly string[];
} {
  const first = new Map(all.toReversed().map((target) => [target.key, target]));
  const targets = all.filter((target) => first.get(target.key) === target);
  const repeated = all.filter((target) => first.get(target.key) !== target);
  return {
    targets,
    repeated: repeated.map(({ url }) => `a target file names ${url} again: it is probed once`),
  };
}
