import type { Kind, Settings } from './kind.ts';
import type { Servers } from './servers.ts';

/** A target as it is in the config now. */
export type Aim = { readonly url: string; readonly kind: Kind; readonly settings: Settings };

/** A target that was removed, with the generation of the config that had it no more. */
export type Removed = { readonly url: string; readonly generation: number };

// Of the targets of the kinds that allow it, one of so many comes and goes.
const GUESTS = 10;
// Of those, one of so many is another one in the next generation.
const REPLACED = 3;
// Of all targets, one of so many has other settings in each generation.
const CHANGED = 5;

const IDLE_INTERVAL = '1d';

/** Which targets there are, and with which settings: a config for each generation. */
export class Plan {
  readonly #residents: readonly Aim[];
  /** Where guests are, without the generation in which they came. */
  readonly #places: readonly Aim[];
  #guests: readonly Aim[];
  readonly #removed: Removed[] = [];
  readonly #interval: string;
  #generation = 0;

  constructor(started: Servers['started'], interval: string) {
    this.#interval = interval;
    this.#residents = started.flatMap(({ kind, urls, settings }) =>
      urls.map((url) => ({ url, kind, settings })),
    );
    const open = started.filter(({ kind }) => kind.isOpen);
    this.#places = open.flatMap(({ kind, settings, urls: [url = '', ...others] }) => {
      const guests = Math.max(1, Math.round(others.length / GUESTS));
      const place = (number: number) => new URL(`/guest/${number}`, url).href;
      return Array.from({ length: guests }, (_, number) => ({ url: place(number), kind, settings }));
    });
    this.#guests = this.#places.map((place) => guestOf(place, 0));
  }

  /** Every target of this generation. */
  get aims(): readonly Aim[] {
    return [...this.#residents, ...this.#guests];
  }

  get removed(): readonly Removed[] {
    return this.#removed;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Goes on to the next generation. */
  next(): void {
    this.#generation += 1;
    this.#guests = this.#guests.map((guest, index) => {
      const place = this.#places[index];
      if (place === undefined || index % REPLACED !== this.#generation % REPLACED) return guest;
      this.#removed.push({ url: guest.url, generation: this.#generation });
      return guestOf(place, this.#generation);
    });
  }

  /** The config file of this generation; while idle no target is probed for a long time. */
  config(state: 'active' | 'idle'): string {
    const changed = this.#generation % CHANGED;
    const targets = this.aims.map(({ url, settings }, index) => ({
      url,
      ...settings,
      ...(state === 'idle' && { interval: IDLE_INTERVAL }),
      ...(index % CHANGED === changed && {
        headers: { Generation: `${this.#generation}` },
        timeout: '890ms',
      }),
    }));
    return JSON.stringify({ interval: this.#interval, timeout: '900ms', targets });
  }
}

function guestOf({ url, ...aim }: Aim, generation: number): Aim {
  return { ...aim, url: `${url}/${generation}` };
}
