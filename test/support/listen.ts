import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that listens on a free port of the loopback. */
export type Listening = AsyncDisposable & {
  /** As it stands in a URL: `127.0.0.1:PORT` or `[::1]:PORT`. */
  readonly authority: string;
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  /** Connections that are open now. */
  openConnections(): number;
  /** What went wrong on connections, resets by the client for instance. */
  readonly errors: readonly Error[];
};

/** Which loopback address a server listens on; Linux has the whole of 127.0.0.0/8. */
export type Loopback = '127.0.0.1' | '127.0.0.2' | '::1';

/** Makes a server listen on port 0; disposing of it destroys its connections and waits until it is closed. */
export async function listen(server: Server, host: Loopback = '127.0.0.1'): Promise<Listening> {
  const open = new Set<Socket>();
  const errors: Error[] = [];
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', (error) => errors.push(error));
    socket.once('close', () => open.delete(socket));
  });
  server.on('secureConnection', (socket: Socket) => socket.on('error', (error) => errors.push(error)));
  server.listen({ port: 0, host });
  await once(server, 'listening');
  const port = portOf(server);
  return {
    authority: `${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    errors,
    connections: () => connections,
    openConnections: () => open.size,
    async [Symbol.asyncDispose]() {
      // Not `once`: it would fail with the socket's error.
      const ends = [...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await Promise.all([closed, ...ends]);
    },
  };
}

/** The TCP port that a listening server was given. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error(`not a TCP address: ${address}`);
  return address.port;
}
