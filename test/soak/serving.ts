import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { portOf } from '../support/listen.ts';
import { event } from '../support/until.ts';
import type { Due, Served } from './served-counts.ts';

/** Answers a request; `nth` is how often its URL was asked for before. Without a verdict that is due it does not count. */
export type Answer = (socket: Socket, path: string, nth: number) => Due | undefined;

/** What servers are started with. */
export type Site = {
  readonly served: Served;
  /** How many targets there are to be. */
  readonly targets: number;
  /** Where files may be put, each under a name of its own. */
  readonly folder: string;
};

/** How a server listens, and what its targets say. */
export type Place = {
  readonly host?: string;
  /** In place of the host in the URLs. */
  readonly name?: string;
  readonly tls?: TlsOptions;
  /** ProbeCounts of each server, to change it later. */
  readonly onServer?: (server: Server) => void;
};

const LOOPBACK = '127.0.0.1';
const LONGEST_HEAD = 65_536;

/** One server with a path for each target; counts requests. */
export async function onPaths({ served, targets }: Site, answer: Answer, place: Place = {}) {
  const { host = LOOPBACK, name = host, tls } = place;
  let base = '';
  const accept = (socket: Socket) => {
    socket.on('error', ignore);
    readHead(socket, (path) => {
      const url = base + path;
      const due = answer(socket, path, served.times(url));
      if (due !== undefined) served.add(url, due);
    });
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  place.onServer?.(server);
  base = `${tls === undefined ? 'http' : 'https'}://${name}:${await portFor(server, host)}`;
  return Array.from({ length: targets }, (_, path) => `${base}/${path}`);
}

/** A server, and so a port, for each target; counts connections, as nothing may come over them that names a path. */
export async function onPorts(
  { served, targets }: Site,
  due: Due,
  listener: (url: () => string) => { readonly server: Server; readonly scheme: 'http' | 'https' },
) {
  const urls: string[] = [];
  for (let target = 0; target < targets; target += 1) {
    let url = '';
    const { server, scheme } = listener(() => url);
    server.on('connection', () => served.add(url, due));
    url = `${scheme}://${LOOPBACK}:${await portFor(server, LOOPBACK)}/`;
    urls.push(url);
  }
  return urls;
}

/** A TCP server that does something with each connection. */
export function scripted(script: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', ignore);
    script(socket);
  });
}

async function portFor(server: Server, host: string): Promise<number> {
  // Of connections whose handshake fails; the client has been counted by then.
  server.on('connection', (socket: Socket) => socket.on('error', ignore));
  server.listen({ port: 0, host });
  await event(server, 'listening');
  return portOf(server);
}

// Probers close connections all the time.
function ignore(): void {}

function readHead(socket: Socket, found: (path: string) => void): void {
  let head = '';
  const take = (chunk: Buffer) => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n') && head.length < LONGEST_HEAD) return;
    socket.off('data', take);
    // Else the end of the client would not be noticed.
    socket.resume();
    found(head.split(' ', 2)[1] ?? '');
  };
  socket.on('data', take);
}
