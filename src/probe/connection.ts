import { isIP, type Socket } from 'node:net';
import type { Address } from './address.ts';
import { type Destination, dial } from './dial.ts';
import { Failure } from './failure.ts';
import { handshake } from './handshake.ts';
import { type Hop, hostOf } from './hop.ts';
import { lookup } from './lookup.ts';
import type { Run } from './run.ts';

/**
 * Opens a connection of its own for a hop, up to the point where the request may be written: look-up, TCP, and for
 * https TLS with an accepted certificate.
 */
export async function connection(hop: Hop, run: Run): Promise<Socket | Failure> {
  const tcp = await tcpConnection(hop, run);
  if (tcp instanceof Failure || hop.url.protocol === 'http:') return tcp;
  run.timeline.enter('tls');
  return handshake(tcp, hop, run);
}

async function tcpConnection(hop: Hop, { deadline, timeline }: Run): Promise<Socket | Failure> {
  const port = Number(hop.url.port) || (hop.url.protocol === 'https:' ? 443 : 80);
  const literal = addressOf(hostOf(hop.url));
  if (literal !== undefined) {
    timeline.enter('connect');
    return dial({ addresses: [literal], rest: Promise.resolve([]), port }, deadline);
  }
  timeline.enter('dns');
  const found = await lookup(hostOf(hop.url), { ipVersion: 'auto', dnsServers: [] }, deadline);
  if (found instanceof Failure) return found;
  timeline.enter('connect');
  const socket = await dial({ ...found, port } satisfies Destination, deadline);
  found.release();
  return socket;
}

function addressOf(host: string): Address | undefined {
  const family = isIP(host);
  return family === 4 || family === 6 ? { ip: host, family } : undefined;
}
