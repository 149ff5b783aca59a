import type { EventEmitter } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type Listening, type Loopback, listen } from './listen.ts';

/** What a raw server does with a connection; `head` is the request's head with its empty line, or '' before any. */
export type Script = (socket: Socket, head: string) => void;

/** A server that says exactly the bytes that its script writes. */
export type RawServer = Listening & {
  /** The requests of which a complete head was received, in order of arrival. */
  readonly heads: readonly string[];
  url(path?: string): string;
};

/** How a raw server listens. */
export type RawOptions = {
  readonly host?: Loopback;
  /** With a certificate it speaks TLS. */
  readonly tls?: TlsOptions;
  /** Whether the script starts with the connection, or once the head of a request was received (the default). */
  readonly on?: 'connection' | 'request';
};

/** Starts a server on the loopback that follows a script, once for each request or connection. */
export async function rawServer(
  script: Script,
  { host, tls, on = 'request' }: RawOptions = {},
): Promise<RawServer> {
  const heads: string[] = [];
  const accept = (socket: Socket) => {
    readHeads(socket, (head) => {
      heads.push(head);
      if (on === 'request') script(socket, head);
    });
    if (on === 'connection') script(socket, '');
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  const listening = await listen(server, host);
  const scheme = tls === undefined ? 'http' : 'https';
  return { ...listening, heads, url: (path = '/') => `${scheme}://${listening.authority}${path}` };
}

function readHeads(socket: Socket, found: (head: string) => void): void {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end + 4);
      text = text.slice(end + 4);
      found(head);
    }
  });
}

/** Acts after a delay unless the connection or the response was closed by then. */
export function after(delayMs: number, closable: EventEmitter, act: () => void): void {
  const timer = setTimeout(act, delayMs);
  closable.once('close', () => clearTimeout(timer));
}

/** Writes pieces one by one at a steady pace until they are used up or the connection closes; a string's are its characters. */
export function drip(socket: Socket, pieces: Iterable<string | Buffer>, everyMs: number): void {
  const iterator = pieces[Symbol.iterator]();
  const timer = setInterval(() => {
    const { done, value } = iterator.next();
    if (done) clearInterval(timer);
    else socket.write(value);
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** Writes pieces as fast as they are taken until they are used up or the connection closes. */
export function flood(socket: Socket, pieces: Iterable<string | Buffer>): void {
  const iterator = pieces[Symbol.iterator]();
  const pour = () => {
    while (!socket.destroyed) {
      const { done, value } = iterator.next();
      if (done) return;
      if (!socket.write(value)) break;
    }
    socket.once('drain', pour);
  };
  pour();
}

/** The same piece without end. */
export function* forever<T>(piece: T): Generator<T, never> {
  while (true) yield piece;
}
