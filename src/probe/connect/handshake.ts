import type { TLSSocket } from 'node:tls';
import { Failure, failureOf } from '../failure.ts';
import type { Run } from '../run.ts';
import { certificateFailure } from './certificate.ts';
import type { TlsContext } from './tls-context.ts';
import { type Wire, wrapInTls } from './wire.ts';

/** The name that the peer's certificate must have, and whether the peer may see the target's client certificate. */
export type TlsPeer = { readonly name: string; readonly origin: 'own' | 'foreign' };

/** Makes a connection secure that is open already. */
export async function secure(below: Wire, peer: TlsPeer, run: Run): Promise<Wire | Failure> {
  const context = run.resources.tlsContexts.get(run.settings.tls)[peer.origin]();
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
  { name }: TlsPeer,
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
  const leaf = socket.getPeerX509Certificate();
  const path = leaf && paths.find(leaf, socket.authorized);
  keepEarliest(run.findings, path?.expirySeconds);
  const isUnchecked = run.settings.tls.insecureSkipVerify;
  const failure = isUnchecked ? undefined : certificateFailure(socket, path, name);
  if (failure !== undefined) socket.destroy();
  return failure ?? wire;
}

function keepEarliest(findings: Run['findings'], expirySeconds: number | undefined): void {
  if (expirySeconds === undefined) return;
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
