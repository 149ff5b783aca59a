import type { Target } from '../target/target.ts';
import type { Discovered } from './discovery/source.ts';
import type { EffectiveGlobal } from './effective/inheritance.ts';
import { resolveTargets } from './effective/resolve.ts';
import { warningsOf } from './effective/warning.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './fault.ts';
import type { TargetSettings } from './schema/schema.ts';

/** The settings in effect, with the targets they make. */
export type Config = {
  readonly targets: readonly Target[];
  /** Most probes at once. */
  readonly concurrency: number;
  /** For the log: settings that are allowed but doubtful. */
  readonly warnings: readonly string[];
  /** Upper bounds of the histogram; none without it. */
  readonly histogramBucketsMs?: readonly number[];
  /** What is wrong with sources of targets; their last valid targets stay. */
  readonly sourceFaults: readonly Fault[];
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

/** Makes the config of the settings and of the targets that were discovered beside them. */
export function makeConfig(settings: EffectiveSettings, discovered: Discovered, env: Environment): Config {
  const { global } = settings;
  const all = [...settings.targets, ...discovered.targets];
  const { targets, repeated } = withoutDuplicates(resolveTargets(global, all, env));
  const { histogram_buckets_ms: histogramBucketsMs } = global;
  return {
    targets,
    concurrency: global.concurrency,
    ...(histogramBucketsMs && { histogramBucketsMs }),
    warnings: [...warningsOf(targets, settings.targets, global), ...repeated],
    sourceFaults: discovered.faults,
    settings,
  };
}

// The targets of the config file are unique; another source may repeat one.
function withoutDuplicates(all: readonly Target[]): {
  readonly targets: readonly Target[];
  readonly repeated: readonly string[];
} {
  const keys = new Set<string>();
  const targets: Target[] = [];
  const repeated: string[] = [];
  for (const target of all) {
    if (keys.has(target.key)) repeated.push(`a target file repeats ${target.url}, which is probed only once`);
    else targets.push(target);
    keys.add(target.key);
  }
  return { targets, repeated };
}
