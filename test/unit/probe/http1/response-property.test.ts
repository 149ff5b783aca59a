import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BUDGET } from '../../../../src/probe/http1/budget.ts';
import type { Reading, ReadingOptions } from '../../../../src/probe/http1/reading.ts';
import { bodyOf, readBytes, readEnd, startReading } from '../../../../src/probe/http1/response.ts';

const OPTIONS: ReadingOptions = { method: 'GET', maxBodyBytes: 500, keepsBody: true };

function readAll(pieces: readonly Buffer[]): Reading {
  const reading = startReading(OPTIONS);
  for (const piece of pieces) readBytes(reading, piece, 1);
  readEnd(reading);
  return reading;
}

function outcomeOf(reading: Reading): unknown {
  const { state, failure, status, fields, hasHead, bodyBytes } = reading;
  const isComplete = state === 'complete';
  return isComplete
    ? { status, fields, body: bodyOf(reading).toString('latin1'), bodyBytes }
    : { hasHead, failure };
}

const eol = fc.constantFrom('\r\n', '\n', '\r', '\r\r\n', '');
const word = fc.oneof(
  fc.constantFrom(
    'Content-Length',
    'Transfer-Encoding',
    'chunked',
    'gzip',
    '2',
    '5',
    '0',
    'ok',
    ':',
    ' ',
    '\t',
    ';',
    ',',
  ),
  fc.string({ maxLength: 4 }),
);
const field = fc.tuple(fc.array(word, { maxLength: 5 }), eol).map(([words, end]) => words.join('') + end);
const start = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.0 204',
  'HTTP/1.1 103 x',
  'HTTP/1.1  500',
  'HTTP/1.1 20',
  'HTP',
);
const framed = fc.constantFrom(
  'Content-Length: 2\r\n\r\nok',
  'Transfer-Encoding: chunked\r\n\r\n',
  '\r\n',
  '',
);
const chunks = fc.array(
  fc.constantFrom('2\r\nok\r\n', '1;a\r\nx\r\n', '0\r\n\r\n', '0\r\nX: a\r\n', 'fff\r\n', '\r\n'),
  { maxLength: 6 },
);

/** Bytes that are nearly a response. */
const responses = fc
  .tuple(start, eol, fc.array(field, { maxLength: 5 }), framed, chunks)
  .map(([line, end, fields, frame, parts]) =>
    Buffer.from([line, end, ...fields, frame, ...parts].join(''), 'latin1'),
  );

const anything = fc.oneof(
  responses,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

test('response: the same bytes have the same outcome, however they are split into packets', () => {
  fc.assert(
    fc.property(anything, fc.array(fc.nat(300), { maxLength: 6 }), (bytes, cuts) => {
      const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      const whole = outcomeOf(readAll([bytes]));
      assert.deepEqual(outcomeOf(readAll(pieces)), whole);
      assert.deepEqual(outcomeOf(readAll(single)), whole);
    }),
    { numRuns: 2000 },
  );
});

test('response: any bytes come to an outcome once the connection is closed', () => {
  fc.assert(
    fc.property(anything, (bytes) => {
      const { state, failure } = readAll([bytes]);
      assert.ok(state === 'complete' || state === 'failed', state);
      assert.equal(failure === undefined, state === 'complete');
    }),
    { numRuns: 2000 },
  );
});

test('response: what is held of bytes without end stays within the budgets', () => {
  const endless = fc.constantFrom(
    'x',
    'X: a\r\n',
    'HTTP/1.1 103 x\r\n\r\n',
    '0',
    '1\r\nx\r\n',
    ' ',
    '\r\n',
    '1;x\r\na\r\n',
  );
  const openings = fc.constantFrom(
    'HTTP/1.1 200 ',
    'HTTP/1.1 200 OK\r\nX: ',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    '',
  );
  fc.assert(
    fc.property(openings, endless, (opening, piece) => {
      const reading = startReading(OPTIONS);
      readBytes(reading, Buffer.from(opening), 1);
      const bytes = Buffer.from(piece.repeat(1000));
      for (let count = 0; count < 300; count += 1) {
        readBytes(reading, bytes, 1);
        assert.ok(heldBytes(reading) <= BUDGET.head + BUDGET.trailers + OPTIONS.maxBodyBytes);
      }
    }),
    { numRuns: 40 },
  );
});

function heldBytes({ line, fields, trailers, bodyRoom }: Reading): number {
  const text = [...fields, ...trailers].reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return line.length + text + bodyRoom.length;
}
