import { Failure } from '../failure.ts';
import type { ResultName } from '../result.ts';

/** A field of a response: its name in lower case, and its value with one character for each byte. */
export type Field = { readonly name: string; readonly value: string };

/** What decides how a response is read. */
export type ReadingOptions = {
  /** The method of the request. */
  readonly method: string;
  readonly maxBodyBytes: number;
  /** Whether the bytes of the body are kept. */
  readonly keepsBody: boolean;
};

/** Which part of a response is read next. */
export type StateName =
  | 'statusLine'
  | 'fieldLine'
  | 'sizedBody'
  | 'bodyToClose'
  | 'chunkSize'
  | 'chunkData'
  | 'chunkEnd'
  | 'trailerLine'
  | 'complete'
  | 'failed';

/** A response as far as it was read. */
export type Reading = {
  readonly options: ReadingOptions;
  state: StateName;
  /** Why the bytes are no response, once the state is `failed`. */
  failure: Failure | undefined;
  /** When the first byte of the latest response came, on the clock of the caller. */
  startedMs: number | undefined;
  /** The beginning of a line whose end has not come. */
  line: string;
  /** Bytes of the part that is read now which still fit into its budget. */
  budget: number;
  interimBudget: number;
  status: number;
  fields: Field[];
  readonly trailers: Field[];
  /** Whether all fields of the final response have come. */
  hasHead: boolean;
  /** Bytes of the body, or of the chunk, that are still to come. */
  left: number;
  /** The size of the chunk whose line is being read; undefined before its first digit. */
  chunkSize: number | undefined;
  /** What is being read of that line. */
  chunkPart: 'size' | 'blank' | 'extension';
  bodyBytes: number;
  /** Bytes between the chunks which still fit into their budget. */
  chunkLinesBudget: number;
  /** Room for the body that is kept: its first `bodyBytes` are filled. */
  bodyRoom: Buffer;
};

/** Ends a reading with a failure: the bytes are not a valid response, or too many. */
export function failReading(reading: Reading, reason: string, result: ResultName = 'protocol_error'): void {
  reading.state = 'failed';
  reading.failure = new Failure(result, reason);
}

const LF = 10;

/**
 * Takes the bytes up to the end of a line. The line is undefined while its end has not come, and once it is longer
 * than the budget of its part allows.
 */
export function takeLine(
  reading: Reading,
  bytes: Buffer,
  from: number,
): { readonly next: number; readonly line: string | undefined } {
  const end = bytes.indexOf(LF, from);
  const next = end === -1 ? bytes.length : end + 1;
  reading.budget -= next - from;
  if (reading.budget < 0) return { next, line: undefined };
  const text = reading.line + bytes.toString('latin1', from, end === -1 ? next : end);
  reading.line = end === -1 ? text : '';
  return { next, line: end === -1 ? undefined : withoutCarriageReturns(text) };
}

// The one before the line feed belongs to the end of the line; any other is a blank (RFC 9112, 2.2).
function withoutCarriageReturns(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.includes('\r') ? text.replaceAll('\r', ' ') : text;
}

/** A text without the blanks around it (OWS of RFC 9110, 5.6.3). */
export function trimBlanks(text: string): string {
  // No regular expression: from each of many blanks it would search for the end again.
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t';
}
