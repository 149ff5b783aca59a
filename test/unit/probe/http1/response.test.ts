import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ReadingOptions } from '../../../../src/probe/http1/reading.ts';
import {
  bodyOf,
  isOver,
  readBytes,
  readEnd,
  startReading,
  valuesOf,
} from '../../../../src/probe/http1/response.ts';

const OPTIONS: ReadingOptions = { method: 'GET', maxBodyBytes: 1000, keepsBody: true };

/** A response that is read whole: its status and body, or what is wrong with it. */
function read(text: string, options: Partial<ReadingOptions> = {}, isClosed = false): string {
  const reading = startReading({ ...OPTIONS, ...options });
  readBytes(reading, Buffer.from(text, 'latin1'), 1);
  if (isClosed) readEnd(reading);
  if (reading.failure !== undefined) return `${reading.failure.result}: ${reading.failure.reason}`;
  if (reading.state !== 'complete') return `waits in ${reading.state}`;
  return `${reading.status} ${bodyOf(reading).toString('latin1')}`.trim();
}

const OK = 'HTTP/1.1 200 OK\r\n';
const TWO = 'Content-Length: 2\r\n\r\nok';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

const TAKEN: Readonly<Record<string, string>> = {
  'a length': `${OK}${TWO}`,
  'lines that end in LF alone': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  'a status line that ends in LF alone': `HTTP/1.1 200 OK\n${TWO}`,
  'a CR within a value': `${OK}X: a\rb\r\n${TWO}`,
  'a folded line': `${OK}X: a\r\n b\r\n\tc\r\n${TWO}`,
  'a folded line of blanks alone': `${OK}X: a\r\n  \r\n${TWO}`,
  'a folded length': `${OK}Content-Length:\r\n 2\r\n\r\nok`,
  'a blank in a field name': `${OK}X A: b\r\n${TWO}`,
  'odd characters in a field name': `${OK}(X)[\x01\xff]: b\r\n${TWO}`,
  'an empty field name': `${OK}: b\r\n${TWO}`,
  'an empty value': `${OK}X:\r\n${TWO}`,
  'a blank before the colon': `${OK}Content-Length : 2\r\n\r\nok`,
  'control characters in a value': `${OK}X: \x01\x0b\x1f\x7f\r\n${TWO}`,
  'the length twice': `${OK}Content-Length: 2\r\n${TWO}`,
  'the length as a list': `${OK}Content-Length: 2, 2\r\n\r\nok`,
  'chunks beside a length': `${OK}Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  'chunks beside a length that is none': `${OK}Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  'chunks in HTTP/1.0': 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  'chunked as the last of several codings': `${OK}Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked,\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  'several blanks in the status line': `HTTP/1.1  200  OK\r\n${TWO}`,
  'no reason': `HTTP/1.1 200\r\n${TWO}`,
  'another version of one digit each': `HTTP/1.2 200 OK\r\n${TWO}`,
  'blanks after a chunk size': `${CHUNKED}2 \t\r\nok\r\n0  \r\n\r\n`,
  'a chunk size with zeros before it': `${CHUNKED}0002\r\nok\r\n000\r\n\r\n`,
  'a chunk extension': `${CHUNKED}2;a="b;c"\r\nok\r\n0;d\r\n\r\n`,
  'two chunks': `${CHUNKED}1\r\no\r\n1\r\nk\r\n0\r\n\r\n`,
  'chunks with lines that end in LF alone': `${CHUNKED}2\nok\n0\n\n`,
  trailers: `${CHUNKED}2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`,
  'interim responses': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nContent-Length: 9\r\n\r\n${OK}${TWO}`,
  'bytes after the end': `${OK}${TWO}HTTP/1.1 500 No\r\n\r\n`,
};

for (const [what, text] of Object.entries(TAKEN)) {
  test(`response: ${what} is taken`, () => assert.equal(read(text), '200 ok'));
}

const REFUSED: readonly [what: string, text: string, reason: RegExp][] = [
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', /not HTTP/],
  ['an empty line before the status line', `\r\n${OK}${TWO}`, /not HTTP/],
  ['a version of two digits', 'HTTP/1.10 200 OK\r\n\r\n', /status line/],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', /status line/],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', /status line/],
  ['a status that is no number', 'HTTP/1.1 OK 200\r\n\r\n', /status line/],
  ['a status below 100', 'HTTP/1.1 099 Odd\r\n\r\n', /099 is not a status/],
  ['a NUL in the status line', 'HTTP/1.1 200 O\0K\r\n\r\n', /status line holds a NUL/],
  ['an unasked 101', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n', /101/],
  ['a NUL in a value', `${OK}X-Session: a\0b\r\n${TWO}`, /X-Session holds a NUL/],
  ['a NUL in a folded value', `${OK}X-Session: a\r\n \0\r\n${TWO}`, /x-session holds a NUL/],
  ['a NUL in a field name', `${OK}X\0: a\r\n${TWO}`, /X\? holds a NUL/],
  ['a line without a colon', `${OK}Content-Length\r\n\r\n`, /no colon/],
  ['a first field line that begins with a blank', `${OK} X: a\r\n${TWO}`, /begins with a blank/],
  ['two lengths that differ', `${OK}Content-Length: 5\r\n${TWO}`, /values of Content-Length differ/],
  ['a list of lengths that differ', `${OK}Content-Length: 2,5\r\n\r\nok`, /Content-Length differ/],
  ['a negative length', `${OK}Content-Length: -1\r\n\r\n`, /Content-Length is not a number/],
  ['a length with a sign', `${OK}Content-Length: +2\r\n\r\nok`, /Content-Length is not a number/],
  ['an empty length', `${OK}Content-Length:\r\n\r\nok`, /Content-Length is not a number/],
  ['a length beyond all numbers', `${OK}Content-Length: 99999999999999999999\r\n\r\n`, /too large a number/],
  [
    'a coding that is not chunked',
    `${OK}Transfer-Encoding: gzip\r\n\r\n`,
    /Transfer-Encoding is not chunked/,
  ],
  ['a coding like chunked', `${OK}Transfer-Encoding: xchunked\r\n\r\n`, /Transfer-Encoding is not chunked/],
  ['chunked before another coding', `${OK}Transfer-Encoding: chunked, gzip\r\n\r\n`, /not chunked/],
  ['a chunk size that is no number', `${CHUNKED}zz\r\n`, /hexadecimal/],
  ['a chunk size with a prefix', `${CHUNKED}0x2\r\nok\r\n`, /hexadecimal/],
  ['a negative chunk size', `${CHUNKED}-2\r\nok\r\n`, /hexadecimal/],
  ['a blank before a chunk size', `${CHUNKED} 2\r\nok\r\n`, /hexadecimal/],
  ['digits after a blank', `${CHUNKED}2 2\r\nok\r\n`, /hexadecimal/],
  ['no chunk size', `${CHUNKED}\r\nok\r\n`, /hexadecimal/],
  ['an extension alone', `${CHUNKED};a\r\nok\r\n`, /hexadecimal/],
  ['a chunk size beyond all numbers', `${CHUNKED}fffffffffffffffff\r\n`, /hexadecimal/],
  ['a chunk longer than its size', `${CHUNKED}1\r\nok\r\n0\r\n\r\n`, /longer than its size/],
  ['a trailer without a colon', `${CHUNKED}0\r\nX\r\n\r\n`, /no colon/],
];

for (const [what, text, reason] of REFUSED) {
  test(`response: ${what} is against HTTP`, () => {
    assert.match(read(text), /^protocol_error: /);
    assert.match(read(text), reason);
  });
}

test('response: HEAD, 204, 304 and interim responses end at the empty line, whatever their fields say', () => {
  const lying = 'Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello';
  assert.equal(read(`${OK}${lying}`, { method: 'HEAD' }), '200');
  assert.equal(read(`HTTP/1.1 204 No\r\n${lying}`), '204');
  assert.equal(read(`HTTP/1.0 304 No\r\n\r\nhello`), '304');
  assert.equal(read('HTTP/1.1 200 OK\r\n\r\n\x16\x03', { method: 'CONNECT' }), '200');
});

test('response: a body with neither length nor chunks ends with the connection', () => {
  assert.equal(read(`${OK}\r\nok`), 'waits in bodyToClose');
  assert.equal(read(`${OK}\r\nok`, {}, true), '200 ok');
});

test('response: an end before the end of the message is a connection that was closed', () => {
  for (const [text, where] of [
    ['', 'a response came'],
    ['HTTP/1.1 200 OK\r\nContent-', 'the header was complete'],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'a response came'],
    [`${OK}Content-Length: 5\r\n\r\nhi`, 'the body was complete'],
    [`${CHUNKED}2\r\nok\r\n`, 'the body was complete'],
    [`${CHUNKED}2\r\nok\r\n0\r\n`, 'the body was complete'],
  ] as const) {
    assert.equal(read(text, {}, true), `connection_closed: closed before ${where}`);
  }
});

test('response: each part has a budget', () => {
  const long = 'x'.repeat(70_000);
  const reasons = [
    read(`HTTP/1.1 200 ${long}`),
    read(`${OK}X: ${long}`),
    read(`${OK}${'X: a\r\n'.repeat(20_000)}`),
    read('HTTP/1.1 103 Hints\r\n\r\n'.repeat(4000)),
    read(`HTTP/1.1 103 Hints\r\nLink: ${long}`),
    read(`${CHUNKED}${'0'.repeat(20_000)}`),
    read(`${CHUNKED}2;${'x'.repeat(20_000)}`),
    read(`${CHUNKED}0\r\n${'X: a\r\n'.repeat(20_000)}`),
    read(`${CHUNKED}${`1;${'x'.repeat(200)}\r\na\r\n`.repeat(400)}`),
    read(`${CHUNKED}fff\r\n${'x'.repeat(1001)}`),
    read(`${OK}Content-Length: 1001\r\n\r\n${'x'.repeat(1001)}`),
    read(`${OK}\r\n${'x'.repeat(1001)}`),
  ];
  assert.deepEqual(reasons, [
    'protocol_error: the header is larger than 64 KiB',
    'protocol_error: the header is larger than 64 KiB',
    'protocol_error: the header is larger than 64 KiB',
    'protocol_error: the interim (1xx) responses are larger than 64 KiB',
    'protocol_error: an interim (1xx) response is larger than 64 KiB',
    'protocol_error: the line of a chunk size is longer than 16384 bytes',
    'protocol_error: the line of a chunk size is longer than 16384 bytes',
    'protocol_error: the trailers are larger than 64 KiB',
    'body_too_large: the body is larger than 1000 bytes with the lines between its chunks',
    'body_too_large: the body is larger than 1000 bytes',
    'body_too_large: the body is larger than 1000 bytes',
    'body_too_large: the body is larger than 1000 bytes',
  ]);
});

const COSTLY: Readonly<Record<string, string>> = {
  'a value with blanks within': `X: a${' '.repeat(60_000)}b`,
  'a name with blanks within': `X${' '.repeat(60_000)}a: b`,
  'a coding with blanks within': `Transfer-Encoding: a${' '.repeat(60_000)}b`,
  'folded lines': `X: a${'\n b'.repeat(20_000)}`,
  'folded lines of blanks alone': `X: a${'\n '.repeat(30_000)}`,
};

for (const [what, fields] of Object.entries(COSTLY)) {
  test(`response: ${what} that fill the header take no longer than others`, () => {
    const before = process.threadCpuUsage();
    read(`${OK}${fields}\r\n\r\n`);
    const { user } = process.threadCpuUsage(before);
    assert.ok(user < 400_000, `${user} us`);
  });
}

test('response: a body that comes in tiny chunks is held as one that comes in large ones', () => {
  const size = 300_000;
  const reading = startReading({ ...OPTIONS, maxBodyBytes: size });
  const bytes = Buffer.from(`${CHUNKED}${'1\nx\n'.repeat(size / 10)}`);
  const before = heldBytes();
  readBytes(reading, bytes, 1);
  const held = heldBytes() - before;
  assert.equal(bodyOf(reading).toString(), 'x'.repeat(size / 10));
  assert.ok(held < size, `${held} bytes`);
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('response: values are those of the lines, folded ones as one, without the blanks around', () => {
  const reading = startReading(OPTIONS);
  const lines = 'Set-Cookie: a=1;\r\n path=/\r\nset-cookie : \t b \r\nX: \xf6\r\n';
  readBytes(reading, Buffer.from(`${OK}${lines}${TWO}`, 'latin1'), 1);
  assert.deepEqual(valuesOf(reading, 'set-cookie'), ['a=1; path=/', 'b']);
  assert.deepEqual(valuesOf(reading, 'x'), ['\xf6']);
  assert.deepEqual(valuesOf(reading, 'x-none'), []);
});

test('response: trailers add nothing to the fields of the header', () => {
  const reading = startReading(OPTIONS);
  readBytes(reading, Buffer.from(`${CHUNKED}0\r\nLocation: /a\r\n\r\n`), 1);
  assert.equal(isOver(reading), true);
  assert.deepEqual(valuesOf(reading, 'location'), []);
});

test('response: its start is the first byte of the final response, not that of an interim one', () => {
  const reading = startReading(OPTIONS);
  readBytes(reading, Buffer.from('HTTP/1.1 103 Hints\r\n'), 1);
  assert.equal(reading.startedMs, 1);
  readBytes(reading, Buffer.from('\r\n'), 2);
  assert.equal(reading.startedMs, undefined);
  readBytes(reading, Buffer.from('H'), 3);
  readBytes(reading, Buffer.from(`TTP/1.1 200\r\n${TWO}`), 4);
  assert.deepEqual([reading.startedMs, reading.state], [3, 'complete']);
});
