import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type Target, targetKey } from '../target/target.ts';
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
  const target = targetOf(server);
  for (let probes = 0; probes < PROBES; probes += 1) await probe(target);
  server.close();
}

function targetOf(server: Server): Target {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const url = `http://127.0.0.1:${port}/`;
  return {
    key: targetKey(url, {}),
    url,
    labels: {},
    intervalMs: 1000,
    timeoutMs: 1000,
    method: 'GET',
    headers: {},
    followRedirects: false,
    maxRedirects: 0,
    maxBodyBytes: 1024,
    expect: { status: [[200, 200]], headers: [], body: [], json: [] },
    tls: { insecureSkipVerify: false },
    ipVersion: 'auto',
    dnsServers: [],
    addresses: { deny: [], allow: [] },
  };
}
