import { BUDGET } from './budget.ts';
import { failReading, type Reading } from './reading.ts';

const [TAB, LF, CR, SPACE, SEMICOLON] = [9, 10, 13, 32, 59];

/** RFC 9112, 6.2. */
export function readSizedBody(reading: Reading, bytes: Buffer, from: number): number {
  const next = takeContent(reading, bytes, from);
  if (reading.left === 0 && reading.state !== 'failed') reading.state = 'complete';
  return next;
}

/** RFC 9112, 6.3, rule 8: the body ends with the connection. */
export function readBodyToClose(reading: Reading, bytes: Buffer, from: number): number {
  reading.left = bytes.length - from;
  return takeContent(reading, bytes, from);
}

/** RFC 9112, 7.1: `chunk-size [ chunk-ext ] CRLF`, byte by byte, since chunks may be tiny and many. */
export function readChunkSize(reading: Reading, bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, from);
  const next = end === -1 ? bytes.length : end + 1;
  reading.budget -= next - from;
  reading.chunkLinesBudget -= next - from;
  for (let at = from; at < next && reading.chunkPart !== 'extension'; at += 1) {
    if (!takeSizeByte(reading, bytes[at] ?? LF)) {
      failReading(reading, 'a chunk size is not a hexadecimal number');
      return next;
    }
  }
  if (reading.budget < 0)
    failReading(reading, `the line of a chunk size is longer than ${BUDGET.chunkLine} bytes`);
  else if (reading.chunkLinesBudget < 0) failTooLarge(reading, ' with the lines between its chunks');
  else if (end !== -1) endChunkSize(reading);
  return next;
}

function takeSizeByte(reading: Reading, byte: number): boolean {
  const digit = reading.chunkPart === 'size' ? hexDigit(byte) : -1;
  if (digit >= 0) {
    reading.chunkSize = (reading.chunkSize ?? 0) * 16 + digit;
    return Number.isSafeInteger(reading.chunkSize);
  }
  if (reading.chunkSize === undefined) return false;
  if (byte === SEMICOLON) reading.chunkPart = 'extension';
  else if (byte === SPACE || byte === TAB || byte === CR || byte === LF) reading.chunkPart = 'blank';
  else return false;
  return true;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function endChunkSize(reading: Reading): void {
  reading.left = reading.chunkSize ?? 0;
  reading.state = reading.left === 0 ? 'trailerLine' : 'chunkData';
  reading.budget = reading.left === 0 ? BUDGET.trailers : BUDGET.chunkLine;
  reading.chunkSize = undefined;
  reading.chunkPart = 'size';
}

export function readChunkData(reading: Reading, bytes: Buffer, from: number): number {
  const next = takeContent(reading, bytes, from);
  if (reading.left === 0 && reading.state !== 'failed') reading.state = 'chunkEnd';
  return next;
}

/** The end of the line after a chunk's data. */
export function readChunkEnd(reading: Reading, bytes: Buffer, from: number): number {
  const byte = bytes[from];
  reading.chunkLinesBudget -= 1;
  if (byte === LF) {
    reading.state = 'chunkSize';
    reading.left = 0;
  } else if (byte === CR && reading.left === 0) {
    // A second one would not be the end of a line.
    reading.left = -1;
  } else {
    failReading(reading, 'a chunk is longer than its size');
  }
  return from + 1;
}

function takeContent(reading: Reading, bytes: Buffer, from: number): number {
  const { maxBodyBytes, keepsBody } = reading.options;
  const next = Math.min(bytes.length, from + reading.left);
  reading.left -= next - from;
  reading.bodyBytes += next - from;
  if (reading.bodyBytes > maxBodyBytes) failTooLarge(reading);
  else if (keepsBody) keep(reading, bytes, from, next);
  return next;
}

// A copy, since the bytes are in a buffer that is used again. All in one, since the body may come byte by byte.
function keep(reading: Reading, bytes: Buffer, from: number, next: number): void {
  const { bodyBytes, options } = reading;
  if (bodyBytes > reading.bodyRoom.length) {
    const room = Math.min(options.maxBodyBytes, Math.max(bodyBytes, 2 * reading.bodyRoom.length));
    reading.bodyRoom = Buffer.concat([reading.bodyRoom], room);
  }
  bytes.copy(reading.bodyRoom, bodyBytes - (next - from), from, next);
}

function failTooLarge(reading: Reading, how = ''): void {
  const { maxBodyBytes } = reading.options;
  failReading(reading, `the body is larger than ${maxBodyBytes} bytes${how}`, 'body_too_large');
}
