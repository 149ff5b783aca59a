import { boundedDuration, type DurationBounds, notADuration } from '../../target/duration.ts';
import { type ListenAddress, NOT_AN_ADDRESS, parseAddress } from './listen-address.ts';

/** What a text sets, or what is wrong with it and what is allowed. */
export type Setting<Given> = { readonly value: Given } | { readonly fault: string };

/** Reads the text of a flag or variable. */
export type Parse<Given> = (text: string) => Setting<Given>;

/** Any text, such as the name of a file. */
export function text<Given>(set: (text: string) => Given): Parse<Given> {
  return (given) => ({ value: set(given) });
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
]);

/** A switch: its name alone on the command line, a word in a variable. */
export function onOff<Given>(set: (isOn: boolean) => Given): Parse<Given> {
  const fault = `is not a switch (${[...SWITCH.keys()].join(', ')})`;
  return (given) => settingOf(SWITCH.get(given.toLowerCase()), set, fault);
}

/** `true` or `false`. */
export function trueOrFalse<Given>(set: (isTrue: boolean) => Given): Parse<Given> {
  return word(['true', 'false'], (given) => set(given === 'true'));
}

/** One of a few words. */
export function word<const Word extends string, Given>(
  words: readonly Word[],
  set: (word: Word) => Given,
): Parse<Given> {
  const fault = `is not known (${words.join(', ')})`;
  return (given) =>
    settingOf(
      words.find((candidate) => candidate === given),
      set,
      fault,
    );
}

/** A Prometheus duration within bounds. */
export function duration<Given>(bounds: DurationBounds, set: (ms: number) => Given): Parse<Given> {
  return (given) => settingOf(boundedDuration(given, bounds), set, notADuration(bounds));
}

/** A whole number. */
export function count<Given>(min: number, set: (count: number) => Given): Parse<Given> {
  const max = 999_999;
  return (given) => settingOf(wholeNumber(given, min, max), set, `is not a whole number (${min} to ${max})`);
}

/** Whole milliseconds, up to a day. */
export function milliseconds<Given>(min: number, set: (ms: number) => Given): Parse<Given> {
  const max = 86_400_000;
  const fault = `is not a number of milliseconds (${min} to ${max})`;
  return (given) => settingOf(wholeNumber(given, min, max), set, fault);
}

/** `[HOST]:PORT`. */
export function listenAddress<Given>(set: (address: ListenAddress) => Given): Parse<Given> {
  return (given) => settingOf(parseAddress(given), set, NOT_AN_ADDRESS);
}

/** The setting that a value makes; without a value the text was wrong. */
export function settingOf<Value, Given>(
  value: Value | undefined,
  set: (value: Value) => Given,
  fault: string,
): Setting<Given> {
  return value === undefined ? { fault } : { value: set(value) };
}

function wholeNumber(given: string, min: number, max: number): number | undefined {
  const number = /^\d{1,9}$/.test(given) ? Number(given) : -1;
  return number >= min && number <= max ? number : undefined;
}
