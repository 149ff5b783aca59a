import { faultLine } from '../fault.ts';
import { watchContent } from '../watch.ts';
import { type LoadedWebConfig, loadWebConfig, type WebConfig } from './web-config.ts';

/** Who follows the changes of a web config. */
export type WebConfigListener = {
  readonly onChange: (config: WebConfig) => void;
  /** The lines of what is wrong; the config before stays in effect. */
  readonly onFaults: (lines: readonly string[]) => void;
};

/** Watches a web config with the certificates that it names. */
export class WebConfigWatch {
  readonly #file: string;
  readonly #listener: WebConfigListener;
  readonly #stop: () => void;
  #reported: LoadedWebConfig;

  /** `config` is what is in effect already. */
  constructor(file: string, config: WebConfig, listener: WebConfigListener, lookEveryMs?: number) {
    this.#file = file;
    this.#listener = listener;
    this.#reported = { config };
    this.#stop = watchContent({
      read: () => loadWebConfig(file),
      loaded: () => this.#reported,
      onChange: (loaded) => this.#report(loaded),
      ...(lookEveryMs !== undefined && { lookEveryMs }),
    });
  }

  /** Reads the file now; returns the lines of what is wrong with it, none if it is in effect. */
  async reload(): Promise<readonly string[]> {
    const loaded = await loadWebConfig(this.#file);
    if (JSON.stringify(loaded) !== JSON.stringify(this.#reported)) this.#report(loaded);
    return linesOf(loaded);
  }

  stop(): void {
    this.#stop();
  }

  #report(loaded: LoadedWebConfig): void {
    this.#reported = loaded;
    if ('config' in loaded) this.#listener.onChange(loaded.config);
    else this.#listener.onFaults(linesOf(loaded));
  }
}

function linesOf(loaded: LoadedWebConfig): readonly string[] {
  return 'config' in loaded ? [] : loaded.faults.map(faultLine);
}
