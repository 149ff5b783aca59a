import type { Log } from '../log.ts';
import type { Config } from './config.ts';
import { faultLine } from './fault.ts';
import type { Loader } from './load.ts';

/** What reloading works with. */
export type ReloaderOptions = {
  readonly loader: Loader;
  /** Puts a config into effect. */
  readonly apply: (config: Config) => void;
  readonly log: Log;
};

/** Reloads the config on request and when it has changed: one load at a time, applied only if it is valid. */
export class Reloader {
  readonly #loader: Loader;
  readonly #apply: (config: Config) => void;
  readonly #log: Log;
  #config: Config;
  #successful = true;
  #succeededAtMs = Date.now();
  #targetFileErrors = 0;
  #latest: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | undefined;

  constructor(config: Config, { loader, apply, log }: ReloaderOptions) {
    this.#config = config;
    this.#loader = loader;
    this.#apply = apply;
    this.#log = log;
  }

  /** The config in effect. */
  get config(): Config {
    return this.#config;
  }

  /** What is exported about reloads. */
  get figures(): { reloadSuccessful: boolean; reloadedAtMs: number; targetFileErrors: number } {
    return {
      reloadSuccessful: this.#successful,
      reloadedAtMs: this.#succeededAtMs,
      targetFileErrors: this.#targetFileErrors,
    };
  }

  /** Applies the config of the start and watches what it was made of. */
  start(): void {
    this.#use(this.#config);
    this.#stopWatching = this.#loader.watch(async (cause) => {
      await this.reload(cause);
    });
  }

  stop(): void {
    this.#stopWatching?.();
  }

  /** Loads the config again; returns its faults, a line each, none if it is in effect now. */
  reload(cause: string): Promise<readonly string[]> {
    const reloaded = this.#latest.then(() => this.#reloadNow(cause));
    this.#latest = reloaded;
    return reloaded;
  }

  async #reloadNow(cause: string): Promise<readonly string[]> {
    const faults = await this.#tryLoad();
    this.#successful = faults.length === 0;
    if (this.#successful) this.#succeededAtMs = Date.now();
    for (const fault of faults) this.#log.error({ cause, fault }, 'the config was not reloaded');
    if (this.#successful) this.#log.info({ cause, targets: this.#config.targets.length }, 'config reloaded');
    return faults;
  }

  async #tryLoad(): Promise<readonly string[]> {
    try {
      const loaded = await this.#loader.load();
      if ('faults' in loaded) return loaded.faults.map(faultLine);
      this.#use(loaded.config);
      return [];
    } catch (error) {
      // A bug in here must not end the service; it goes on with the config in effect.
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  #use(config: Config): void {
    this.#config = config;
    this.#apply(config);
    for (const warning of config.warnings) this.#log.warn({}, warning);
    const broken = new Set(config.sourceFaults.map(({ file }) => file));
    this.#targetFileErrors += broken.size;
    for (const fault of config.sourceFaults) {
      this.#log.warn(
        { fault: faultLine(fault) },
        'a target file is not valid; its last valid targets stay in use',
      );
    }
  }
}
