import { BUDGET } from './budget.ts';
import { type Field, failReading, type Reading, trimBlanks } from './reading.ts';

/** Decides how long the body is, once the fields have come: RFC 9112, 6.3, rule by rule. */
export function readFraming(reading: Reading): void {
  const codings = listOf(reading.fields, 'transfer-encoding');
  const lengths = listOf(reading.fields, 'content-length');
  reading.hasHead = true;
  if (hasNoBody(reading)) reading.state = 'complete';
  else if (codings !== undefined) readCodings(reading, codings);
  else if (lengths !== undefined) readLength(reading, lengths);
  else reading.state = 'bodyToClose';
}

function hasNoBody({ status, options: { method } }: Reading): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || (method === 'CONNECT' && status < 300);
}

/** The values of a field with a list (RFC 9110, 5.6.1) over all its lines; undefined where there is no such line. */
function listOf(fields: readonly Field[], name: string): readonly string[] | undefined {
  const lines = fields.filter((field) => field.name === name);
  if (lines.length === 0) return undefined;
  return lines.flatMap(({ value }) => value.split(',').map((part) => trimBlanks(part)));
}

function readCodings(reading: Reading, codings: readonly string[]): void {
  const last = codings.findLast((coding) => coding !== '');
  reading.state = 'chunkSize';
  reading.budget = BUDGET.chunkLine;
  if (last?.toLowerCase() !== 'chunked')
    failReading(reading, 'the last coding of Transfer-Encoding is not chunked');
}

function readLength(reading: Reading, lengths: readonly string[]): void {
  const [length = Number.NaN, ...others] = new Set(lengths.map(lengthOf));
  reading.left = length;
  reading.state = length === 0 ? 'complete' : 'sizedBody';
  if (Number.isNaN(length)) failReading(reading, 'Content-Length is not a number');
  else if (others.length > 0) failReading(reading, 'two values of Content-Length differ');
  else if (!Number.isSafeInteger(length)) failReading(reading, 'Content-Length is too large a number');
}

function lengthOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
