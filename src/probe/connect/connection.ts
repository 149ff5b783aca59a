import type { Socket } from 'node:net';
import { hostOf, portOf, usesTls } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import type { DenyList } from './deny-list.ts';
import { handshake } from './handshake.ts';
import { blockedAddress, literal, openTcp } from './open.ts';
import { proxyFor } from './proxy.ts';
import { openProxy, openTunnel } from './tunnel.ts';

/** A URL to connect to, and whether what was configured for the target may be shown there. */
type Endpoint = { readonly url: URL; readonly origin: 'own' | 'foreign' };

/** A connection over which a request may be written. */
export type Connection = {
  readonly socket: Socket;
  /** The proxy that takes the request itself, as it does for http. */
  readonly proxy?: URL;
};

/**
 * Opens a connection, up to the point where the request may be written: look-up, TCP, and for https TLS with an accepted
 * certificate.
 */
export async function openConnection(endpoint: Endpoint, run: Run): Promise<Connection | Failure> {
  const { url, origin } = endpoint;
  const { tls, proxy: proxies } = run.settings;
  const denyList = run.resources.denyLists.get(run.settings.addresses);
  const proxy = proxies && proxyFor(url, proxies);
  const below =
    proxy === undefined
      ? await openTcp({ host: hostOf(url), port: portOf(url), denyList }, run)
      : await openThroughProxy(proxy, url, denyList, run);
  if (below instanceof Failure) return below;
  if (!usesTls(url.protocol)) return { socket: below, ...(proxy && { proxy }) };
  run.timeline.enter('tls');
  const serverName = origin === 'own' ? tls.serverName : undefined;
  const socket = await handshake(below, { name: serverName ?? hostOf(url), origin }, run);
  return socket instanceof Failure ? socket : { socket };
}

// The proxy's own address is the operator's choice; a target that is given as an address is still under the deny list.
async function openThroughProxy(
  proxy: URL,
  url: URL,
  denyList: DenyList,
  run: Run,
): Promise<Socket | Failure> {
  const addresses = literal(hostOf(url))?.addresses ?? [];
  if (addresses.some(({ ip }) => denyList.denies(ip))) {
    run.timeline.enter('connect');
    return blockedAddress(hostOf(url), addresses);
  }
  const socket = await openProxy(proxy, run);
  if (socket instanceof Failure || !usesTls(url.protocol)) return socket;
  return openTunnel(socket, proxy, url, run);
}
