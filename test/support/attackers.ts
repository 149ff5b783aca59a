import { connect, type Socket } from 'node:net';
import { event } from './until.ts';

/** From where an attack comes; Linux has the whole of 127.0.0.0/8. */
export type Origin = '127.0.0.1' | '127.0.0.2';

/** Connections that ignore their errors; disposing of them closes them. */
export type OpenConnections = Disposable & { readonly sockets: readonly Socket[] };

/** Opens this many connections at once, and waits until each was opened or refused. */
export async function openConnections(
  port: number,
  count: number,
  localAddress: Origin = '127.0.0.1',
): Promise<OpenConnections> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    // The exporter may close it at any time.
    return socket.on('error', () => socket.destroy());
  });
  await Promise.all(sockets.map((socket) => event(socket, 'connect').catch(() => socket.destroy())));
  return {
    sockets,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A request for a path, with further header fields. */
export function requestFor(path: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nHost: a\r\n${lines.join('')}\r\n`;
}
