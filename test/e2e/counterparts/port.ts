import { once } from 'node:events';
import { createServer } from 'node:net';
import { portOf } from '../../support/listen.ts';

/** A port of the loopback that is free now, for programs that cannot say which one they were given for port 0. */
export async function freePort(): Promise<number> {
  const server = createServer().listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
