import { EXCLUSIVE } from '../file/rules.ts';
import { BUILT_IN, type Effective, JUDGED_BODY_BYTES } from '../schema/defaults.ts';
import type { GlobalSettings, TargetSettings } from '../schema/schema.ts';
import { defaultConcurrency } from './concurrency.ts';

/** What the command line sets for all targets. */
export type Overrides = { readonly probeIntervalMs?: number; readonly probeTimeoutMs?: number };

/** The top level with every default and override filled in. */
export type EffectiveGlobal = Effective & {
  readonly concurrency: number;
  readonly target_files: NonNullable<GlobalSettings['target_files']>;
  readonly histogram_buckets_ms?: GlobalSettings['histogram_buckets_ms'];
  /** Whether somebody chose the timeout; the default one keeps clear of the interval. */
  readonly timeoutIsChosen: boolean;
  /** Whether somebody chose the largest body; the default one depends on what is expected of it. */
  readonly sizeIsChosen: boolean;
};

/** Lays the overrides over the top level of the file, and that over the defaults. */
export function effectiveGlobal(file: GlobalSettings, overrides: Overrides): EffectiveGlobal {
  const timeout = overrides.probeTimeoutMs ?? file.timeout;
  const { histogram_buckets_ms } = file;
  return {
    ...laidOver<Effective>(BUILT_IN, file),
    concurrency: file.concurrency ?? defaultConcurrency(),
    target_files: file.target_files ?? [],
    ...(histogram_buckets_ms && { histogram_buckets_ms }),
    interval: overrides.probeIntervalMs ?? file.interval ?? BUILT_IN.interval,
    timeout: timeout ?? BUILT_IN.timeout,
    timeoutIsChosen: timeout !== undefined,
    sizeIsChosen: file.max_body_size !== undefined,
  };
}

/** A target's own settings over those of the top level; each replaces the whole of what it is laid over. */
export function effectiveTarget(global: EffectiveGlobal, own: TargetSettings): Effective {
  const inherited = { ...global };
  for (const keys of EXCLUSIVE) {
    if (keys.some((key) => own[key] !== undefined)) for (const key of keys) delete inherited[key];
  }
  const effective = laidOver<Effective>(inherited, own);
  return {
    ...effective,
    timeout: own.timeout ?? inheritedTimeout(global, effective.interval),
    max_body_size: own.max_body_size ?? inheritedSize(global, effective.expect),
  };
}

function inheritedSize(
  { max_body_size, sizeIsChosen }: EffectiveGlobal,
  expect: Effective['expect'],
): number {
  const isJudged = expect.body !== undefined || expect.json !== undefined;
  return isJudged && !sizeIsChosen ? JUDGED_BODY_BYTES : max_body_size;
}

type Inheritance = Pick<EffectiveGlobal, 'timeout' | 'timeoutIsChosen'>;

/** The timeout that a target without one of its own has: the chosen one if the interval allows, else 90 % of that. */
export function inheritedTimeout({ timeout, timeoutIsChosen }: Inheritance, intervalMs: number): number {
  const clear = Math.floor(intervalMs * 0.9);
  return timeout > (timeoutIsChosen ? intervalMs : clear) ? clear : timeout;
}

function laidOver<T extends object>(
  base: T,
  settings: { readonly [Key in keyof T]?: T[Key] | undefined },
): T {
  return { ...base, ...settings };
}
