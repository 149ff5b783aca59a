import type { Socket } from 'node:net';
import { blackhole, refusingPort } from '../blackhole.ts';
import { after } from '../raw-server.ts';
import type { Overrides } from '../target.ts';
import { type Misbehaviour, misbehaving, saysAndCloses, saysAndResets, scripted } from './kind.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

// More than the kernel's buffers take while nobody reads.
const UPLOAD: Overrides = { method: 'POST', body: 'x'.repeat(8_000_000) };

// Goes on once every probe has given up: a connection that is not read never learns of its end.
function stopReading(socket: Socket): void {
  socket.pause();
  after(3500, socket, () => socket.resume());
}

/** Servers that cannot be reached, or that break the connection before they answer. */
export const CONNECTIONS: readonly Misbehaviour[] = [
  {
    name: 'the connection is refused',
    start: () =>
      misbehaving(async (stack) => {
        const { authority } = stack.use(await refusingPort());
        return { url: `http://${authority}/`, overrides: {}, requests: () => 0 };
      }),
    expected: { result: 'connect_refused', requests: 0 },
  },
  {
    name: 'SYNs are dropped (a timeout that does not cover the connect)',
    start: () =>
      misbehaving(async (stack) => {
        const { authority } = stack.use(await blackhole());
        return { url: `http://${authority}/`, overrides: {}, requests: () => 0 };
      }),
    expected: { result: 'connect_timeout', phase: 'connect', requests: 0 },
  },
  {
    name: 'closes the connection as soon as it is accepted',
    start: scripted((socket) => socket.end(), {}, { on: 'connection' }),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'resets the connection as soon as it is accepted',
    start: scripted((socket) => socket.resetAndDestroy(), {}, { on: 'connection' }),
    expected: { result: ['connection_closed', 'connect_error'], requests: 1 },
  },
  {
    name: 'closes after the request without an answer (clients that try again by themselves)',
    start: saysAndCloses(''),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'resets after the request without an answer',
    start: scripted((socket) => socket.resetAndDestroy()),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'takes the request and never answers',
    start: scripted(() => {}),
    expected: { result: 'response_timeout', phase: 'wait', requests: 1 },
  },
  {
    name: 'answers late, but in time',
    start: scripted((socket) => {
      after(1500, socket, () => socket.end(OK));
    }),
    expected: { result: 'success', phase: 'wait', requests: 1 },
  },
  {
    name: 'never reads a large upload and never answers',
    start: scripted(stopReading, UPLOAD),
    expected: { result: 'response_timeout', phase: 'wait', requests: 1 },
  },
  {
    name: 'answers a large upload without reading it',
    start: scripted((socket) => {
      stopReading(socket);
      socket.write(OK);
    }, UPLOAD),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'closes after half of the status line',
    start: saysAndCloses('HTTP/1.1 2'),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'closes in the header',
    start: saysAndCloses('HTTP/1.1 200 OK\r\nContent-Le'),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'closes between the header lines and the empty line',
    start: saysAndCloses('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'resets in the header',
    start: saysAndResets('HTTP/1.1 200 OK\r\nContent-Le'),
    expected: { result: 'connection_closed', requests: 1 },
  },
];
