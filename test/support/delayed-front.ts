import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { type Listening, listen } from './listen.ts';
import { after } from './raw-server.ts';

/** Stands before a port of 127.0.0.1 and holds back what clients send at first; later bytes pass at once. */
export function delayedFront(port: number, delayMs: number): Promise<Listening> {
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const behind = connect(port, '127.0.0.1');
    after(delayMs, client, () => pipeline(client, behind, client, () => behind.destroy()));
  });
  return listen(server);
}
