import { withoutPassword } from '../target/url.ts';

/** Where a value stands in the config file: keys and zero-based list indexes from the root on. */
export type Path = readonly (string | number)[];

/** Something wrong in the settings, before its place in the file is known. */
export type Problem = {
  readonly path: Path;
  /** What is wrong and, in brackets, what is allowed; it follows the value where there is one. */
  readonly wrong: string;
  /** The value at fault; it is shown unless it is a secret. */
  readonly value?: unknown;
};

/** Something wrong with a config file; lines and columns count from 1 and are absent when the file could not be read. */
export type Fault = {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
};

/** One line for people and editors: `FILE:LINE:COLUMN: path: what is wrong (what is allowed)`. */
export function faultLine({ file, line, column, path, message }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return oneLine(path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`);
}

/** A text on one line: line breaks and control characters become escapes. */
export function oneLine(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

/** The order of faults in the file. */
export function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** A path as text: `targets[0].headers.Accept`, with odd keys in quotes. */
export function pathText(path: Path): string {
  return path.map(segmentText).join('').replace(/^\./, '');
}

/**
 * A path as messages show it: only the start of a key that holds white space or a colon, since a secret follows where
 * the space was forgotten: `{password:abc}`.
 */
export function showPath(path: Path): string {
  return pathText(path.map((segment) => (typeof segment === 'number' ? segment : showKey(segment))));
}

const MAX_SHOWN = 80;

/** A value as messages show it, in a few words and without the password of a URL. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value !== 'string') return String(value);
  if (value.includes('-----BEGIN')) return 'a PEM text';
  const safe = withoutPassword(value);
  return JSON.stringify(safe.length > MAX_SHOWN ? `${safe.slice(0, MAX_SHOWN)}…` : safe);
}

/** A key as messages show it. */
export function showKey(key: string): string {
  return key.replace(/[\s:].*/s, '…');
}

function segmentText(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}
