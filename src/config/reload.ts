import type { Log } from '../log.ts';
import type { Config } from './config.ts';
import { faultLine } from './fault.ts';
import type { Loaded } from './load.ts';
import { watchFiles } from './watch.ts';

/** What reloading works with. */
export type ReloaderOptions = {
  /** Reads and validates; nothing has changed yet when it comes back. */
  readonly load: () => Promise<Loaded>;
  /** Puts a config into effect. */
  readonly apply: (config: Config) => void;
  readonly log: Log;
};

/** Loads the config anew when asked to and when its files change: one load at a time, and swapped only if it is right. */
export class Reloader {
  readonly #load: () => Promise<Loaded>;
  readonly #apply: (config: Config) => void;
  readonly #log: Log;
  #config: Config;
  #successful = true;
  #succeededAtMs = Date.now();
  #targetFileErrors = 0;
  #latest: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | undefined;

  constructor(config: Config, { load, apply, log }: ReloaderOptions) {
    this.#config = config;
    this.#load = load;
    this.#apply = apply;
    this.#log = log;
  }

  /** The config in effect. */
  get config(): Config {
    return this.#config;
  }

  /** What is told of reloads as metrics. */
  get facts(): { reloadSuccessful: boolean; reloadedAtMs: number; targetFileErrors: number } {
    return {
      reloadSuccessful: this.#successful,
      reloadedAtMs: this.#succeededAtMs,
      targetFileErrors: this.#targetFileErrors,
    };
  }

  /** Puts the config of the start into effect and watches the files that it was made of. */
  start(): void {
    this.#put(this.#config);
    this.#stopWatching = watchFiles({
      loaded: this.#config.fingerprints,
      files: () => this.#config.files(),
      onChange: async () => {
        await this.reload('a file changed');
      },
    });
  }

  stop(): void {
    this.#stopWatching?.();
  }

  /** Loads the config anew; the outcome is its faults, a line each, and none if it is in effect now. */
  reload(cause: string): Promise<readonly string[]> {
    const reloaded = this.#latest.then(() => this.#once(cause));
    this.#latest = reloaded;
    return reloaded;
  }

  async #once(cause: string): Promise<readonly string[]> {
    const faults = await this.#attempt();
    this.#successful = faults.length === 0;
    if (this.#successful) this.#succeededAtMs = Date.now();
    for (const fault of faults) this.#log.error({ cause, fault }, 'the config was not reloaded');
    if (this.#successful) this.#log.info({ cause, targets: this.#config.targets.length }, 'config reloaded');
    return faults;
  }

  async #attempt(): Promise<readonly string[]> {
    try {
      const loaded = await this.#load();
      if ('faults' in loaded) return loaded.faults.map(faultLine);
      this.#put(loaded.config);
      return [];
    } catch (error) {
      // A bug of ours in here must not end the service, which goes on with the config it has.
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  #put(config: Config): void {
    this.#config = config;
    this.#apply(config);
    for (const warning of config.warnings) this.#log.warn({}, warning);
    const broken = new Set(config.targetFileFaults.map(({ file }) => file));
    this.#targetFileErrors += broken.size;
    for (const fault of config.targetFileFaults) {
      this.#log.warn({ fault: faultLine(fault) }, 'a target file is broken, its last right content counts');
    }
  }
}
