import type { StatusRange } from '../../target/target.ts';

/** The message for a value that is no status. */
export const NOT_A_STATUS =
  'is not a status (a code such as 200, a class such as 2xx, a range such as 300-302)';

/** The codes that `200`, `2xx` or `300-302` stands for; undefined if it stands for none. */
export function parseStatus(value: string | number): StatusRange | undefined {
  const text = String(value);
  const hundred = /^([1-9])xx$/i.exec(text)?.[1];
  if (hundred !== undefined) return [Number(hundred) * 100, Number(hundred) * 100 + 99];
  const match = /^([1-9]\d\d)(?:-([1-9]\d\d))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? from);
  return from <= to ? [from, to] : undefined;
}

/** The shortest way to write a range of codes; a single code stays a number. */
export function formatStatus([from, to]: StatusRange): string | number {
  if (from === to) return from;
  if (from % 100 === 0 && to === from + 99) return `${from / 100}xx`;
  return `${from}-${to}`;
}
