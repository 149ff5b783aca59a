import type { EffectiveGlobal } from '../effective/inheritance.ts';
import type { Fault } from '../fault.ts';
import type { ConfigFile } from '../file/config-file.ts';
import type { TargetSettings } from '../schema/schema.ts';

/** What decides which targets a source has: the command line and the config file. */
type SourceOptions = {
  /** URLs from the command line; with any, the targets of the config file do not count. */
  readonly urls: readonly string[];
  /** URLs of the demo server; undefined without a demo. */
  readonly demoUrls?: readonly string[];
  /** The path of the config file. */
  readonly configFile?: string;
  /** Its content, where its targets count. */
  readonly file?: ConfigFile;
  /** The top level in effect. */
  readonly global: EffectiveGlobal;
};

/** The targets of a source, and what is wrong with it; of a broken part it keeps the last valid targets. */
export type Discovered = {
  readonly targets: readonly TargetSettings[];
  readonly faults: readonly Fault[];
};

/** Reports a change, with its cause for the log. */
export type OnChange = (cause: string) => Promise<void>;

/** A source of targets. It lives as long as the process, so that it can remember between two reads. */
export type Source = {
  /** Whether `--config.print` shows its targets: they are written down in the config itself. */
  readonly isWritten?: boolean;
  /** Finds the targets; called at each load. */
  readonly read: (options: SourceOptions) => Discovered | Promise<Discovered>;
  /** Calls back when a read would find something else, and returns what ends that; without it only a reload reads again. */
  readonly watch?: (onChange: OnChange) => () => void;
};
