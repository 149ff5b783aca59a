import { hostOf, portOf, usesTls } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Wire } from '../wire.ts';
import { makeTcpAttempt, makeTlsAttempt } from './attempt.ts';
import type { DenyList } from './deny-list.ts';
import { contextFor, finishHandshake, secureWire, type TlsPeer } from './handshake.ts';
import { blockedAddress, openTcp, parseLiteral } from './open.ts';
import { proxyFor } from './proxy.ts';
import { openProxy, openTunnel } from './tunnel.ts';

/** A URL to connect to, and whether what was configured for the target may be shown there. */
type Endpoint = { readonly url: URL; readonly origin: 'own' | 'foreign' };

/** A connection over which a request may be written. */
export type Connection = Wire & {
  /** The proxy that takes the request itself, as it does for http. */
  readonly proxy?: URL;
};

/**
 * Opens a connection, up to the point where the request may be written: look-up, TCP, and for https TLS with an accepted
 * certificate.
 */
export function openConnection(endpoint: Endpoint, run: Run): Promise<Connection | Failure> {
  const { url } = endpoint;
  const { proxy: proxies, addresses } = run.settings;
  const denyList = run.resources.denyLists.get(addresses);
  const proxy = proxies && proxyFor(url, proxies);
  if (proxy !== undefined) return openThroughProxy(proxy, endpoint, denyList, run);
  if (usesTls(url.protocol)) return openTls(endpoint, denyList, run);
  return openTcp({ host: hostOf(url), port: portOf(url), denyList, makeAttempt: makeTcpAttempt }, run);
}

async function openTls(endpoint: Endpoint, denyList: DenyList, run: Run): Promise<Wire | Failure> {
  const peer = peerOf(endpoint, run);
  const context = contextFor(peer, run);
  if (context instanceof Failure) return context;
  const options = { name: peer.name, secureContext: context.secureContext };
  const makeAttempt = (port: number) => makeTlsAttempt(port, options);
  const { url } = endpoint;
  const wire = await openTcp({ host: hostOf(url), port: portOf(url), denyList, makeAttempt }, run);
  if (wire instanceof Failure) return wire;
  run.timeline.enter('tls');
  return finishHandshake(wire, peer, context, run);
}

function peerOf({ url, origin }: Endpoint, { settings }: Run): TlsPeer {
  const serverName = origin === 'own' ? settings.tls.serverName : undefined;
  return { name: serverName ?? hostOf(url), origin, server: url.host };
}

// The proxy's own address is the operator's choice; a target that is given as an address is still under the deny list.
async function openThroughProxy(
  proxy: URL,
  endpoint: Endpoint,
  denyList: DenyList,
  run: Run,
): Promise<Connection | Failure> {
  const { url } = endpoint;
  const addresses = parseLiteral(hostOf(url))?.addresses ?? [];
  if (addresses.some(({ ip }) => denyList.denies(ip))) {
    run.timeline.enter('connect');
    return blockedAddress(hostOf(url), addresses);
  }
  const wire = await openProxy(proxy, run);
  if (wire instanceof Failure) return wire;
  if (!usesTls(url.protocol)) return { ...wire, proxy };
  const tunnel = await openTunnel(wire, proxy, url, run);
  if (tunnel instanceof Failure) return tunnel;
  run.timeline.enter('tls');
  return secureWire(tunnel, peerOf(endpoint, run), run);
}
