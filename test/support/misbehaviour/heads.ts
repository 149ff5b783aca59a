import { drip, flood, forever } from '../raw-server.ts';
import { type Misbehaviour, says, saysAndCloses, scripted } from './kind.ts';

const EMPTY_OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const KIB = 1024;

function* withFirst(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

/** Heads that take too long. */
const SLOW: readonly Misbehaviour[] = [
  {
    name: 'half a header, then silence',
    start: says('HTTP/1.1 200 OK\r\nContent-'),
    expected: { result: 'response_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: 'a header that drips one byte at a time',
    start: scripted((socket) => drip(socket, `${EMPTY_OK.slice(0, -2)}X: ${'y'.repeat(1000)}`, 100)),
    expected: { result: 'response_timeout', phase: 'transfer', requests: 1 },
  },
  {
    name: '1xx responses for ever',
    start: scripted((socket) => drip(socket, forever('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'), 20)),
    expected: { result: 'response_timeout', phase: 'wait', requests: 1 },
  },
  {
    name: '1xx responses for ever, as fast as they are read',
    start: scripted((socket) => flood(socket, forever('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)))),
    expected: { result: ['response_timeout', 'protocol_error'], requests: 1 },
  },
  {
    name: '100 Continue, then silence',
    start: says('HTTP/1.1 100 Continue\r\n\r\n'),
    expected: { result: 'response_timeout', phase: 'wait', requests: 1 },
  },
];

/** Heads that are not HTTP, or against it. */
const WRONG: readonly Misbehaviour[] = Object.entries({
  'a garbage status line': 'lorem ipsum dolor\r\n\r\n',
  'the greeting of another protocol': 'SSH-2.0-OpenSSH_9.6\r\n',
  'HTTP/0.9: a body without a head': '<html>hello</html>\r\n',
  'a response of RTSP, which the parser knows too': 'RTSP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a response of ICE, which the parser knows too': 'ICE/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a status below 100': 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n',
  'a status that is no number': 'HTTP/1.1 OK 200\r\nContent-Length: 0\r\n\r\n',
  'binary noise': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  'a header line without a colon': 'HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n',
  'a NUL in a header value': 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n',
  'two lengths that differ': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello',
  'a negative length': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'a length that is no number': 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok',
  'a length beyond 64 bits': 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nok',
  'one header line over 64 KiB': `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70 * KIB)}\r\nContent-Length: 0\r\n\r\n`,
  'many header lines over 64 KiB': `HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(100)}\r\n`.repeat(700)}Content-Length: 0\r\n\r\n`,
  'a reason phrase over 64 KiB': `HTTP/1.1 200 ${'O'.repeat(70 * KIB)}\r\nContent-Length: 0\r\n\r\n`,
  '101 that nobody asked for':
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  '101 without an Upgrade': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
}).map(([name, bytes]) => ({
  name,
  start: says(bytes),
  expected: { result: 'protocol_error', requests: 1 },
}));

const ENDLESS: readonly Misbehaviour[] = [
  {
    name: 'a header without end',
    start: scripted((socket) =>
      flood(socket, withFirst('HTTP/1.1 200 OK\r\n', forever(`X-A: ${'a'.repeat(8 * KIB)}\r\n`))),
    ),
    expected: { result: 'protocol_error', requests: 1 },
  },
  {
    name: 'a reason phrase without end',
    start: scripted((socket) => flood(socket, withFirst('HTTP/1.1 200 ', forever('O'.repeat(8 * KIB))))),
    expected: { result: 'protocol_error', requests: 1 },
  },
];

/** Heads that are against the letter of HTTP, and leave no doubt about the end of the message. */
const TAKEN: readonly Misbehaviour[] = Object.entries({
  'HTTP/2.0 as text': 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a version that does not exist': 'HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a space in a header name': 'HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 0\r\n\r\n',
  'a bare carriage return in a header value': 'HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n',
  'a length beside chunks':
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
}).map(([name, bytes]) => ({ name, start: says(bytes), expected: { result: 'success', requests: 1 } }));

/** Odd heads that HTTP allows. */
const ALLOWED: readonly Misbehaviour[] = [
  {
    name: '100 Continue and then a response',
    start: says(`HTTP/1.1 100 Continue\r\n\r\n${EMPTY_OK}`),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'no reason phrase',
    start: says('HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'HTTP/1.0',
    start: saysAndCloses('HTTP/1.0 200 OK\r\n\r\nhello'),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'a header of 60 KiB',
    start: says(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(60 * KIB)}\r\nContent-Length: 0\r\n\r\n`),
    expected: { result: 'success', requests: 1 },
  },
];

/** Servers whose response head is late, wrong, too large or odd. */
export const HEADS: readonly Misbehaviour[] = [...SLOW, ...WRONG, ...ENDLESS, ...TAKEN, ...ALLOWED];
