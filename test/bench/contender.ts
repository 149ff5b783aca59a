import type { TempFolder } from '../support/temp-folder.ts';
import type { Scheme, TargetServer } from './target-server.ts';

/** What everybody who is measured has to do. */
export type Task = {
  readonly target: TargetServer;
  readonly scheme: Scheme;
  /** Probes per second. */
  readonly rate: number;
  /** A folder for files of its own. */
  readonly folder: TempFolder;
};

/** A prober at work; disposing of it ends it. */
export type Working = AsyncDisposable & {
  readonly pid: number;
  /** Where it is scraped every 10 s; absent where the answers to probes are the metrics. */
  readonly metricsUrl?: string;
  /** What it has written, to say why it does not work. */
  output(): string;
};

/** Somebody to be measured. */
export type Contender = {
  readonly name: string;
  /** Only for these; for all without it. */
  readonly schemes?: readonly Scheme[];
  start(task: Task): Promise<Working>;
};

/** The interval of targets wherever it can be chosen. */
export const INTERVAL_S = 10;

/** As many URLs as give the rate at the interval. */
export function urlsOf({ target, scheme, rate }: Task, intervalS = INTERVAL_S): readonly string[] {
  return target.urls(scheme, Math.round(rate * intervalS));
}
