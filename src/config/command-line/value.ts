import { boundedDuration, type DurationBounds, notADuration } from '../../target/duration.ts';
import { type ListenAddress, NOT_AN_ADDRESS, parseAddress } from './listen-address.ts';
import type { Options } from './options.ts';

/** The options that a text sets, or what is wrong with it and what is allowed. */
export type Take = (text: string) => Taken | string;

type Taken = Partial<Options>;

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
]);

/** Takes a switch: nothing but its name on the command line, a word in a variable. */
export function onOff(set: (on: boolean) => Taken): Take {
  return (text) => {
    const on = SWITCH.get(text.toLowerCase());
    return on === undefined ? `is not a switch (${[...SWITCH.keys()].join(', ')})` : set(on);
  };
}

/** Takes a Prometheus duration within bounds. */
export function duration(bounds: DurationBounds, set: (ms: number) => Taken): Take {
  return (text) => {
    const ms = boundedDuration(text, bounds);
    return ms === undefined ? notADuration(bounds) : set(ms);
  };
}

/** Takes one of a few words. */
export function word<Word extends string>(words: readonly Word[], set: (word: Word) => Taken): Take {
  return (text) => {
    const found = words.find((candidate) => candidate === text);
    return found === undefined ? `is not known (${words.join(', ')})` : set(found);
  };
}

/** Takes a whole number. */
export function count(least: number, set: (value: number) => Taken): Take {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
    return value < least ? `is not a whole number (${least} to 999999)` : set(value);
  };
}

/** Takes `[HOST]:PORT`. */
export function listenAddress(set: (address: ListenAddress) => Taken): Take {
  return (text) => {
    const address = parseAddress(text);
    return address === undefined ? NOT_AN_ADDRESS : set(address);
  };
}
