import { gzipSync } from 'node:zlib';
import { drip, flood, forever } from '../raw-server.ts';
import type { Overrides } from '../target.ts';
import { type Misbehaviour, says, saysAndCloses, saysAndResets, scripted } from './kind.ts';

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const UNFRAMED = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';
const LONG = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
const SMALL_LIMIT: Overrides = { maxBodyBytes: 100_000 };

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** A server that writes a head, and then pieces of a body at a steady pace or as fast as they are read. */
function body(
  head: string,
  pieces: () => Iterable<string | Buffer>,
  { everyMs, ...overrides }: Overrides & { readonly everyMs?: number } = {},
): Misbehaviour['start'] {
  return scripted((socket) => {
    socket.write(head);
    if (everyMs === undefined) flood(socket, pieces());
    else drip(socket, pieces(), everyMs);
  }, overrides);
}

const SLOW: readonly Misbehaviour[] = [
  {
    name: 'a body that stops half-way (a timer cleared when headers arrive)',
    start: says(`${LONG}hello`),
    expected: { result: 'body_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: 'a body that drips one byte at a time',
    start: body(LONG, () => 'x'.repeat(1000), { everyMs: 20 }),
    expected: { result: 'body_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: 'chunks that drip without end',
    start: body(CHUNKED, () => forever(chunk('x')), { everyMs: 20 }),
    expected: { result: 'body_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: 'a body without length that drips without end',
    start: body(UNFRAMED, () => forever('x'), { everyMs: 20 }),
    expected: { result: 'body_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: 'a body that is slow, but in time',
    start: body('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', () => 'hello', { everyMs: 300 }),
    expected: { result: 'success', phase: 'transfer', requests: 1 },
  },
  {
    name: 'no last chunk, and the connection stays open',
    start: says(`${CHUNKED}${chunk('hello')}`),
    expected: { result: 'body_timeout', phase: 'transfer', requests: 1 },
  },
];

const LARGE: readonly Misbehaviour[] = [
  {
    name: 'a length over the limit',
    start: body(
      'HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n',
      () => forever('x'.repeat(8192)),
      SMALL_LIMIT,
    ),
    expected: { result: 'body_too_large', requests: 1 },
  },
  {
    name: 'chunks without end, as fast as they are read',
    start: body(CHUNKED, () => forever(chunk('x'.repeat(8192)))),
    expected: { result: 'body_too_large', requests: 1 },
  },
  {
    name: 'gzip that inflates for ever',
    start: body(
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n',
      () => forever(gzipSync(Buffer.alloc(10_000_000))),
      SMALL_LIMIT,
    ),
    expected: { result: 'body_too_large', requests: 1 },
  },
  {
    name: 'a body of exactly the limit',
    start: says('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { maxBodyBytes: 5 }),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'a body one byte over the limit',
    start: says('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { maxBodyBytes: 4 }),
    expected: { result: 'body_too_large', requests: 1 },
  },
];

const BROKEN: readonly Misbehaviour[] = Object.entries({
  'a body shorter than its length': saysAndCloses(`${LONG}hello`),
  'a reset in a body with a length': saysAndResets(`${LONG}hello`),
  'a reset in a body that ends with the connection': saysAndResets(`${UNFRAMED}hello`),
  'a reset between chunks': saysAndResets(`${CHUNKED}${chunk('hello')}`),
  'no last chunk, and the connection is closed': saysAndCloses(`${CHUNKED}${chunk('hello')}`),
  'closed inside a chunk': saysAndCloses(`${CHUNKED}ff\r\nhello`),
  'closed after the last chunk without its empty line': saysAndCloses(`${CHUNKED}${chunk('hello')}0\r\n`),
}).map(([name, start]) => ({ name, start, expected: { result: 'connection_closed', requests: 1 } }));

const WRONG: readonly Misbehaviour[] = Object.entries({
  'a chunk size that is no number': says(`${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`),
  'a negative chunk size': says(`${CHUNKED}-5\r\nhello\r\n0\r\n\r\n`),
  'a chunk size beyond 64 bits': says(`${CHUNKED}fffffffffffffffffffff\r\nhello\r\n0\r\n\r\n`),
  'a chunk longer than its size': says(`${CHUNKED}3\r\nhello\r\n0\r\n\r\n`),
  'no chunk size at all': says(`${CHUNKED}\r\nhello`),
}).map(([name, start]) => ({ name, start, expected: { result: 'protocol_error', requests: 1 } }));

const ENDLESS: readonly Misbehaviour[] = [
  {
    name: 'a chunk extension without end',
    start: body(`${CHUNKED}5;`, () => forever('x'.repeat(8192))),
    expected: { result: ['protocol_error', 'body_too_large', 'body_timeout'], requests: 1 },
  },
  {
    name: 'trailers without end',
    start: body(`${CHUNKED}0\r\n`, () => forever(`X-A: ${'x'.repeat(8192)}\r\n`)),
    expected: { result: ['protocol_error', 'body_too_large', 'body_timeout'], requests: 1 },
  },
];

const COMPLETE: readonly Misbehaviour[] = Object.entries({
  'a body that ends with the connection': saysAndCloses(`${UNFRAMED}hello`),
  'bytes after the end of a complete response': says(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more',
  ),
  'a second response that nobody asked for': says(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n',
  ),
  'a reset after a complete body with a length': saysAndResets(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ),
  'a complete response on a connection that stays open': says(`${CHUNKED}${chunk('hello')}0\r\n\r\n`),
  'gzip that is broken, where no expectation needs the text': saysAndCloses(
    'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello',
  ),
  '204 with a body': says('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello', {
    expect: { status: [[204, 204]] },
  }),
  '304 with a body': says('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello', {
    expect: { status: [[304, 304]] },
  }),
  'a length but no body after HEAD': says(LONG, { method: 'HEAD' }),
  'a body after HEAD': says('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { method: 'HEAD' }),
}).map(([name, start]) => ({ name, start, expected: { result: 'success', requests: 1 } }));

/** Servers whose body is late, too large, broken off, against HTTP or odd. */
export const BODIES: readonly Misbehaviour[] = [
  ...SLOW,
  ...LARGE,
  ...BROKEN,
  ...WRONG,
  ...ENDLESS,
  ...COMPLETE,
];
