import { createServer } from 'node:net';
import { event } from './until.ts';

// Below the ports that Linux gives to connections, which would take one before a program listens there.
const [FIRST, COUNT] = [12_000, 20_000];

/** A port of the loopback that is free, for a program that cannot say which one it was given for port 0. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    try {
      server.listen({ port, host: '127.0.0.1' });
      await event(server, 'listening');
      server.close();
      await event(server, 'close');
      return port;
    } catch {
      // Somebody listens there.
    }
  }
}
