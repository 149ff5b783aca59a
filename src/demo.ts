import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** A running stand-in for httpstat.us; `url` has no slash at its end. */
export type Demo = { readonly url: string; readonly stop: () => Promise<void> };

type Order = { readonly code: number; readonly sleepMs: number };

const MAX_SLEEP_MS = 60_000;
const FOLLOWED = [301, 302, 303, 307, 308];
const USAGE = 'Try /CODE with a status from 200 to 599, and ?sleep=MS with at most 60000.';

/** Starts a stand-in for httpstat.us on a free loopback port: `/503` answers 503, `?sleep=200` waits 200 ms first. */
export async function startDemo(): Promise<Demo> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the demo server has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const order = orderOf(request.url ?? '/');
  if (typeof order === 'number') {
    send(response, order, `${order} ${STATUS_CODES[order]}. ${USAGE}`);
    return;
  }
  const { code, sleepMs } = order;
  if (FOLLOWED.includes(code)) response.setHeader('location', '/200');
  const text = `${code} ${STATUS_CODES[code] ?? 'Unknown Code'}`;
  const timer = setTimeout(() => send(response, code, text), sleepMs);
  response.on('close', () => clearTimeout(timer));
}

// What was asked for, or the status that refuses it.
function orderOf(target: string): Order | 400 | 404 {
  const url = URL.parse(target, 'http://demo');
  if (url === null) return 400;
  const code = Number(/^\/(\d{3})\/?$/.exec(url.pathname)?.[1]);
  if (!(code >= 200 && code <= 599)) return 404;
  const sleep = url.searchParams.get('sleep') ?? '0';
  const sleepMs = /^\d{1,5}$/.test(sleep) ? Number(sleep) : Number.NaN;
  return sleepMs <= MAX_SLEEP_MS ? { code, sleepMs } : 400;
}

function send(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
