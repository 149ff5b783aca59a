import { openFileLimit } from '../../runtime/process.ts';
import { BUILT_IN, type FilledSettings, MATCHED_BODY_BYTES } from '../schema/defaults.ts';
import { EXCLUSIVE, type GlobalSettings, type TargetSettings } from '../schema/schema.ts';

/** What the command line sets for all targets. */
export type Overrides = { readonly probeIntervalMs?: number; readonly probeTimeoutMs?: number };

/** The top level with every default and override filled in. */
export type EffectiveGlobal = FilledSettings & {
  readonly concurrency: number;
  readonly target_files: NonNullable<GlobalSettings['target_files']>;
  readonly histogram_buckets_ms?: GlobalSettings['histogram_buckets_ms'];
  /** Whether the timeout was set; the default one is at most 90 % of the interval. */
  readonly timeoutIsChosen: boolean;
  /** Whether the largest body was set; the default one depends on `expect`. */
  readonly sizeIsChosen: boolean;
};

const DEFAULT_CONCURRENCY = 2000;
const SHARE_OF_OPEN_FILES = 0.8;

/** How many probes may run at once by default: 80 % of the open files that `limits` (of /proc) allows, else 2000. */
export function defaultConcurrency(limits?: string): number {
  const soft = openFileLimit(limits);
  return soft === undefined ? DEFAULT_CONCURRENCY : Math.max(1, Math.floor(soft * SHARE_OF_OPEN_FILES));
}

/** Lays the overrides over the top level of the file, and that over the defaults. */
export function resolveGlobal(file: GlobalSettings, overrides: Overrides): EffectiveGlobal {
  const timeout = overrides.probeTimeoutMs ?? file.timeout;
  const { histogram_buckets_ms } = file;
  return {
    ...layOver<FilledSettings>(BUILT_IN, file),
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
export function inheritSettings(global: EffectiveGlobal, own: TargetSettings): FilledSettings {
  const inherited = { ...global };
  for (const keys of EXCLUSIVE) {
    if (keys.some((key) => own[key] !== undefined)) for (const key of keys) delete inherited[key];
  }
  const effective = layOver<FilledSettings>(inherited, own);
  return {
    ...effective,
    timeout: own.timeout ?? inheritTimeout(global, effective.interval),
    max_body_size: own.max_body_size ?? inheritSize(global, effective.expect),
  };
}

function inheritSize(
  { max_body_size, sizeIsChosen }: EffectiveGlobal,
  expect: FilledSettings['expect'],
): number {
  const isMatched = expect.body !== undefined || expect.json !== undefined;
  return isMatched && !sizeIsChosen ? MATCHED_BODY_BYTES : max_body_size;
}

type Inheritance = Pick<EffectiveGlobal, 'timeout' | 'timeoutIsChosen'>;

/** The timeout that a target without one of its own has: the chosen one if the interval allows, else 90 % of that. */
export function inheritTimeout({ timeout, timeoutIsChosen }: Inheritance, intervalMs: number): number {
  const clear = Math.floor(intervalMs * 0.9);
  return timeout > (timeoutIsChosen ? intervalMs : clear) ? clear : timeout;
}

function layOver<T extends object>(base: T, settings: { readonly [Key in keyof T]?: T[Key] | undefined }): T {
  return { ...base, ...settings };
}
