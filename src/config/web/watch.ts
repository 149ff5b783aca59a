import { faultLine } from '../fault.ts';
import { type LoadedWebConfig, loadWebConfig, type WebConfig } from './web-config.ts';

/** Who is told of a web config that changed. */
export type WebConfigListener = {
  readonly onChange: (config: WebConfig) => void;
  /** The lines of what is wrong; the config before stays in effect. */
  readonly onFaults: (lines: readonly string[]) => void;
};

const LOOK_EVERY_MS = 2000;

/**
 * Watches the content of a web config and of the certificates that it names: by reading, since a folder that is mounted
 * or a symlink that is swapped sends no event to rely on.
 */
export class WebConfigWatch {
  readonly #file: string;
  readonly #listener: WebConfigListener;
  readonly #timer: NodeJS.Timeout;
  /** What was told last, as text. */
  #told: string;
  /** What was read last, as text. */
  #seen: string;

  /** `config` is what is in effect already. */
  constructor(file: string, config: WebConfig, listener: WebConfigListener, lookEveryMs = LOOK_EVERY_MS) {
    this.#file = file;
    this.#listener = listener;
    this.#told = JSON.stringify({ config });
    this.#seen = this.#told;
    this.#timer = setInterval(() => void this.#look(), lookEveryMs).unref();
  }

  /** Reads the file now; returns the lines of what is wrong with it, none if it is in effect. */
  async reload(): Promise<readonly string[]> {
    const loaded = await loadWebConfig(this.#file);
    this.#seen = JSON.stringify(loaded);
    if (this.#seen !== this.#told) this.#tell(loaded);
    return linesOf(loaded);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const loaded = await loadWebConfig(this.#file);
    const text = JSON.stringify(loaded);
    // Counts once it was read twice: a file that is just being written may look whole, and lack its users.
    if (text !== this.#told && text === this.#seen) this.#tell(loaded);
    this.#seen = text;
  }

  #tell(loaded: LoadedWebConfig): void {
    this.#told = JSON.stringify(loaded);
    if ('config' in loaded) this.#listener.onChange(loaded.config);
    else this.#listener.onFaults(linesOf(loaded));
  }
}

function linesOf(loaded: LoadedWebConfig): readonly string[] {
  return 'config' in loaded ? [] : loaded.faults.map(faultLine);
}
