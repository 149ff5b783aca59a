import type { TLSSocket } from 'node:tls';
import { nowMs } from '../../runtime/clock.ts';
import { Failure, failureOf } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Wire } from '../wire.ts';
import { wrapInTls } from './attempt.ts';
import { certificateFailure } from './certificate.ts';
import type { TlsContext } from './tls-context.ts';

/** The name that the peer's certificate must have, and whether the peer may see the target's client certificate. */
export type TlsPeer = {
  readonly name: string;
  readonly origin: 'own' | 'foreign';
  /** The server by its host and port. */
  readonly server: string;
};

/** Makes a connection secure that is open already. */
export async function secureWire(below: Wire, peer: TlsPeer, run: Run): Promise<Wire | Failure> {
  const context = contextFor(peer, run);
  if (context instanceof Failure) {
    below.socket.destroy();
    return context;
  }
  const options = { name: peer.name, secureContext: context.secureContext };
  return await finishHandshake(wrapInTls(below.socket, options), peer, context, run);
}

/**
 * Waits until a connection is secure; if the certificate is not accepted, it fails before any byte of the request is
 * written. The expiry of the certificate is read even then. Sessions are never resumed: each handshake is a whole one.
 */
export async function finishHandshake(
  wire: Wire<TLSSocket>,
  { name, server }: TlsPeer,
  { paths }: TlsContext,
  run: Run,
): Promise<Wire | Failure> {
  const { socket } = wire;
  const secured = await run.deadline.run<TLSSocket>('tls_timeout', (settle) => {
    socket.on('error', (error) => settle(failureOf(error, 'tls')));
    socket.once('close', () => settle(new Failure('tls_error', 'closed during the handshake')));
    socket.once('secureConnect', () => settle(socket));
    return () => socket.destroy();
  });
  if (secured instanceof Failure) return secured;
  run.resources.keyShares.learn(server, groupOf(socket), nowMs());
  const leaf = socket.getPeerX509Certificate();
  const path = leaf && paths.find(leaf, name, socket.authorized);
  keepEarliest(run.findings, path?.expirySeconds);
  const isUnchecked = run.settings.tls.insecureSkipVerify;
  const failure = isUnchecked ? undefined : certificateFailure(socket, path);
  if (failure !== undefined) socket.destroy();
  return failure ?? wire;
}

/** The context of a handshake with a peer, with the key share that the peer took last. */
export function contextFor({ origin, server }: TlsPeer, { resources, settings }: Run): TlsContext | Failure {
  const share = resources.keyShares.get(server, nowMs());
  return resources.tlsContexts.get(settings.tls)[origin](share);
}

// Without an ephemeral key, as with static RSA, it is null.
function groupOf(socket: TLSSocket): string | undefined {
  const info = socket.getEphemeralKeyInfo();
  return info !== null && 'name' in info ? info.name : undefined;
}

function keepEarliest(findings: Run['findings'], expirySeconds: number | undefined): void {
  if (expirySeconds === undefined) return;
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
