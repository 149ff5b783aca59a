import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { makeTarget } from '../target/target.ts';
import { probe } from './probe.ts';
import type { ProbeResources } from './resources.ts';

// The first probe is many times slower than later ones, and code that has not run often still a little.
const PROBES = 25;

/** Probes a server of our own, so that our own start-up is in no target's response time. */
export async function warmUp(resources: ProbeResources): Promise<void> {
  const server = createServer((socket) => {
    // The probe closes the connection as soon as it has the response.
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const target = makeTarget(urlOf(server));
  for (let probes = 0; probes < PROBES; probes += 1) await probe(target, resources);
  server.close();
}

function urlOf(server: Server): string {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://127.0.0.1:${port}/`;
}
