import type { Socket } from 'node:net';
import { hostOf, portOf } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Hop } from '../http/hop.ts';
import type { Run } from '../run.ts';
import { handshake } from './handshake.ts';
import { blocked, literal, tcpConnection } from './open.ts';
import { denied } from './policy.ts';
import { proxyFor } from './proxy.ts';
import { proxyConnection, tunnel } from './tunnel.ts';

/** A connection over which the request of a hop may be written. */
export type Connection = {
  readonly socket: Socket;
  /** The proxy that takes the request itself, as it does for http. */
  readonly proxy?: URL;
};

/**
 * Opens a connection of its own for a hop, up to the point where the request may be written: look-up, TCP, and for
 * https TLS with an accepted certificate.
 */
export async function connection(hop: Hop, run: Run): Promise<Connection | Failure> {
  const proxy = run.settings.proxy && proxyFor(hop.url, run.settings.proxy);
  const below = await (proxy === undefined ? direct(hop, run) : throughProxy(proxy, hop, run));
  if (below instanceof Failure) return below;
  if (hop.url.protocol === 'http:') return { socket: below, ...(proxy && { proxy }) };
  run.timeline.enter('tls');
  const own = hop.origin === 'own' ? run.settings.tls.serverName : undefined;
  const socket = await handshake(below, { name: own ?? hostOf(hop.url), origin: hop.origin }, run);
  return socket instanceof Failure ? socket : { socket };
}

function direct({ url }: Hop, run: Run): Promise<Socket | Failure> {
  return tcpConnection({ host: hostOf(url), port: portOf(url), policy: run.settings.addresses }, run);
}

// The proxy's own address is the operator's choice; one that is asked for by number is still under the policy.
async function throughProxy(proxy: URL, { url }: Hop, run: Run): Promise<Socket | Failure> {
  const asked = literal(hostOf(url))?.addresses ?? [];
  if (asked.some(({ ip }) => denied(ip, run.settings.addresses))) {
    run.timeline.enter('connect');
    return blocked(hostOf(url), asked);
  }
  const socket = await proxyConnection(proxy, run);
  if (socket instanceof Failure || url.protocol === 'http:') return socket;
  return tunnel(socket, proxy, url, run);
}
