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

/** A text without what would end its line, or do something to a terminal: that is written as an escape. */
export function oneLine(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

/** The order in which a reader of the file comes across the faults. */
export function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** A path as text: `targets[0].headers.Accept`, with odd keys in quotes. */
export function pathText(path: Path): string {
  return path.map(segmentText).join('').replace(/^\./, '');
}

/**
 * A path as messages show it: of a key that holds white space or a colon only the start, since a secret follows
 * where somebody forgot the space: `{password:abc}`.
 */
export function shownPath(path: Path): string {
  return pathText(path.map((segment) => (typeof segment === 'number' ? segment : shownKey(segment))));
}

/** A key as messages show it. */
export function shownKey(key: string): string {
  return key.replace(/[\s:].*/s, '…');
}

function segmentText(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}
