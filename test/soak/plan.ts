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

const AT_REST = '1d';

/** Which targets there are, and with which settings: a config for each generation. */
export class Plan {
  readonly #residents: readonly Aim[];
  readonly #hosts: readonly { readonly aim: Aim; readonly guests: number }[];
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
    this.#hosts = open.flatMap(({ kind, urls: [url = ''], settings, urls: { length } }) => {
      const guests = Math.max(1, Math.round(length / GUESTS));
      return Array.from({ length: guests }, (_, place) => ({
        aim: { url: new URL(`/guest/${place}`, url).href, kind, settings },
        guests: place,
      }));
    });
    this.#guests = this.#hosts.map(({ aim }) => guestOf(aim, 0));
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
      const host = this.#hosts[index];
      if (host === undefined || index % REPLACED !== this.#generation % REPLACED) return guest;
      this.#removed.push({ url: guest.url, generation: this.#generation });
      return guestOf(host.aim, this.#generation);
    });
  }

  /** The config file of this generation; at rest no target is probed for a long time. */
  config(state: 'at work' | 'at rest'): string {
    const changed = this.#generation % CHANGED;
    const targets = this.aims.map(({ url, settings }, index) => ({
      url,
      ...settings,
      ...(state === 'at rest' && { interval: AT_REST }),
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
