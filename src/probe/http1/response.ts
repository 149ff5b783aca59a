import { Failure } from '../failure.ts';
import { readBodyToClose, readChunkData, readChunkEnd, readChunkSize, readSizedBody } from './body.ts';
import { BUDGET } from './budget.ts';
import { readFieldLine, readStatusLine, readTrailerLine } from './head.ts';
import type { Reading, ReadingOptions, StateName } from './reading.ts';

/** Takes bytes from an offset on, changes the state where they end a part, and returns the offset of the next byte. */
type Step = (reading: Reading, bytes: Buffer, from: number) => number;

/** What is read in each state, and what may follow it. */
const STEPS: Readonly<Record<Exclude<StateName, 'complete' | 'failed'>, Step>> = {
  statusLine: readStatusLine, // -> fieldLine
  fieldLine: readFieldLine, // -> fieldLine, statusLine after an interim response, a body, complete
  sizedBody: readSizedBody, // -> complete
  bodyToClose: readBodyToClose, // until the connection is closed
  chunkSize: readChunkSize, // -> chunkData, trailerLine after the last chunk
  chunkData: readChunkData, // -> chunkEnd
  chunkEnd: readChunkEnd, // -> chunkSize
  trailerLine: readTrailerLine, // -> trailerLine, complete
};

/** Begins to read the response to a request. */
export function startReading(options: ReadingOptions): Reading {
  return {
    options,
    state: 'statusLine',
    failure: undefined,
    startedMs: undefined,
    line: '',
    budget: BUDGET.head,
    interimBudget: BUDGET.interim,
    status: 0,
    fields: [],
    trailers: [],
    hasHead: false,
    left: 0,
    chunkSize: undefined,
    chunkPart: 'size',
    bodyBytes: 0,
    chunkLinesBudget: options.maxBodyBytes + BUDGET.chunkLines,
    bodyRoom: Buffer.alloc(0),
  };
}

/** Whether further bytes cannot change the outcome. */
export function isOver({ state }: Reading): boolean {
  return state === 'complete' || state === 'failed';
}

/** Reads bytes that came at `atMs`, and returns how many of them belong to the response. */
export function readBytes(reading: Reading, bytes: Buffer, atMs: number): number {
  let from = 0;
  while (from < bytes.length && reading.state !== 'complete' && reading.state !== 'failed') {
    reading.startedMs ??= atMs;
    from = STEPS[reading.state](reading, bytes, from);
  }
  return from;
}

/** Reads the end of the connection: it completes a body without a length; anything else is incomplete. */
export function readEnd(reading: Reading): void {
  if (isOver(reading)) return;
  if (reading.state === 'bodyToClose') {
    reading.state = 'complete';
    return;
  }
  const part = reading.hasHead ? 'the body was complete' : 'the header was complete';
  const before = reading.startedMs === undefined && !reading.hasHead ? 'a response came' : part;
  reading.state = 'failed';
  reading.failure = new Failure('connection_closed', `closed before ${before}`);
}

/** The body as far as it was kept. */
export function bodyOf({ bodyRoom, bodyBytes }: Pick<Reading, 'bodyRoom' | 'bodyBytes'>): Buffer {
  return Buffer.from(bodyRoom.subarray(0, bodyBytes));
}

/** The values of a field, one for each of its lines; `name` is in lower case. */
export function valuesOf({ fields }: Pick<Reading, 'fields'>, name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}
