import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { makeTarget } from '../target/target.ts';
import { probe } from './probe.ts';

// Lazy set-up makes the first probe 20 ms slower, and code that has not run often some tenths of a ms.
const PROBES = 25;

/** Makes probes of a server of our own, so that no target's first response time tells of our own first steps. */
export async function warmUp(): Promise<void> {
  const server = createServer((socket) => {
    // Our probe hangs up when it has what it wants.
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const target = makeTarget(urlOf(server));
  for (let probes = 0; probes < PROBES; probes += 1) await probe(target);
  server.close();
}

function urlOf(server: Server): string {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://127.0.0.1:${port}/`;
}
