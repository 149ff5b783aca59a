import type { Socket } from 'node:net';
import { after, flood, forever } from '../support/raw-server.ts';
import type { Kind } from './kind.ts';
import type { Due } from './served-counts.ts';
import { type Answer, onPaths, onPorts, scripted } from './serving.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const SHORT = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok';
const BROKEN = 'HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const CHUNK = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
const LARGE = 64 * 1024;
const LARGE_OK = `HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n${'x'.repeat(LARGE)}`;

type Plain = Omit<Kind, 'results' | 'reaches' | 'start'>;

/** Servers whose answer is the same for every request, and so is the verdict. */
function always(due: Exclude<Due, `${string}|${string}`>, kind: Plain, act: (socket: Socket) => void): Kind {
  const answer: Answer = (socket) => {
    act(socket);
    return due;
  };
  return {
    ...kind,
    results: [due],
    reaches: 'once',
    start: async (site) => ({ urls: await onPaths(site, answer) }),
  };
}

/** A redirect from the target's path to another, and from there to a third. */
const redirecting: Answer = (socket, path) => {
  const [, steps = ''] = /^\/\w+(.*)$/.exec(path) ?? [];
  if (steps.length === 2) socket.end(OK);
  else socket.end(`HTTP/1.1 302 Found\r\nLocation: ${path}+\r\nContent-Length: 0\r\n\r\n`);
  return steps === '' ? 'success' : undefined;
};

/** A redirect from the target's path to another, and from there back. */
const circling: Answer = (socket, path) => {
  const location = path.endsWith('+') ? path.slice(0, -1) : `${path}+`;
  socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
  return path.endsWith('+') ? undefined : 'redirect_error';
};

/** Three times well, twice not. */
const flapping: Answer = (socket, _path, nth) => {
  const isUp = nth % 5 < 3;
  socket.end(isUp ? OK : BROKEN);
  return isUp ? 'success' : 'unexpected_status';
};

/** JSON that is as expected every other time. */
const matchedByContent: Answer = (socket, _path, nth) => {
  const body = JSON.stringify({ status: nth % 2 === 0 ? 'ok' : 'degraded' });
  socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return nth % 2 === 0 ? 'success' : 'unexpected_content';
};

/** Takes as good as for ever where the expression is slow. */
const hostile: Answer = (socket) => {
  const body = JSON.stringify({ text: `${'a'.repeat(50)}!` });
  socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return 'unexpected_content';
};

/** Targets over plain HTTP that can be reached. */
export const PLAIN_KINDS: readonly Kind[] = [
  always('success', { name: 'good', weight: 600, isOpen: true }, (socket) => socket.end(OK)),
  always('success', { name: 'good, 64 KiB', weight: 100 }, (socket) => socket.end(LARGE_OK)),
  always('success', { name: 'slow', weight: 150 }, (socket) => after(300, socket, () => socket.end(OK))),
  always('response_timeout', { name: 'hanging', weight: 100, isOpen: true }, () => undefined),
  always('body_timeout', { name: 'hanging in the body', weight: 60 }, (socket) => socket.write(SHORT)),
  always('connection_closed', { name: 'closing', weight: 60 }, (socket) => socket.end()),
  always('connection_closed', { name: 'resetting', weight: 80 }, (socket) => socket.resetAndDestroy()),
  always('unexpected_status', { name: 'another status', weight: 100 }, (socket) => socket.end(BROKEN)),
  always('protocol_error', { name: 'not HTTP', weight: 40 }, (socket) => socket.end('lorem ipsum\r\n\r\n')),
  {
    name: 'resetting when it accepts',
    weight: 40,
    results: ['connection_closed', 'connect_error'],
    reaches: 'once',
    async start(site) {
      const reset = () =>
        ({ server: scripted((socket) => socket.resetAndDestroy()), scheme: 'http' }) as const;
      return { urls: await onPorts(site, 'connection_closed|connect_error', reset) };
    },
  },
  {
    name: 'huge body',
    weight: 60,
    results: ['body_too_large'],
    reaches: 'once',
    async start(site) {
      const pour: Answer = (socket) => {
        socket.write(CHUNKED);
        flood(socket, forever(CHUNK));
        return 'body_too_large';
      };
      return { urls: await onPaths(site, pour), settings: { max_body_size: '64KiB' } };
    },
  },
  {
    name: 'flapping',
    weight: 150,
    results: ['success', 'unexpected_status'],
    reaches: 'once',
    isOpen: true,
    start: async (site) => ({ urls: await onPaths(site, flapping) }),
  },
  {
    name: 'redirecting',
    weight: 60,
    results: ['success'],
    reaches: 'once',
    start: async (site) => ({ urls: await onPaths(site, redirecting) }),
  },
  {
    name: 'redirecting in a circle',
    weight: 30,
    results: ['redirect_error'],
    reaches: 'once',
    start: async (site) => ({ urls: await onPaths(site, circling) }),
  },
  {
    name: 'matched by its content',
    weight: 60,
    results: ['success', 'unexpected_content'],
    reaches: 'once',
    start: async (site) => ({
      urls: await onPaths(site, matchedByContent),
      settings: { expect: { json: ['body.status == "ok"'] } },
    }),
  },
  {
    // Its thread has to be ended each time, which costs so much that it is probed less often.
    name: 'matched for ever',
    weight: 1,
    results: ['unexpected_content'],
    reaches: 'once',
    start: async (site) => ({
      urls: await onPaths(site, hostile),
      settings: { interval: '5s', expect: { json: ['body.text.matches("^(a+)+$")'] } },
    }),
  },
];
