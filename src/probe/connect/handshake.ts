import { isIP, type Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { Failure, failureOf } from '../failure.ts';
import type { Run } from '../run.ts';
import { certificateExpiry, certificateFailure } from './certificate.ts';

/** The name that the peer's certificate must have, and whether the peer may see the target's client certificate. */
type TlsPeer = { readonly name: string; readonly origin: 'own' | 'foreign' };

/**
 * Makes a connection secure; if the certificate is not accepted, it fails before any byte of the request is written.
 * The expiry of the certificate is read even then. Sessions are never resumed: each handshake is a whole one.
 */
export async function handshake(below: Socket, peer: TlsPeer, run: Run): Promise<TLSSocket | Failure> {
  const { tls } = run.settings;
  const context = run.resources.tlsContexts.get(tls)[peer.origin]();
  if (context instanceof Failure) {
    below.destroy();
    return context;
  }
  const socket = await run.deadline.run<TLSSocket>('tls_timeout', (settle) => {
    const starting = startTls(below, peer.name, context.secureContext);
    starting.on('error', (error) => settle(failureOf(error, 'tls')));
    starting.once('close', () => settle(new Failure('tls_error', 'closed during the handshake')));
    starting.once('secureConnect', () => settle(starting));
    return () => starting.destroy();
  });
  if (socket instanceof Failure) return socket;
  const leaf = socket.getPeerX509Certificate();
  if (leaf !== undefined) keepEarliest(run.findings, certificateExpiry(leaf, context.trusted));
  const failure = tls.insecureSkipVerify ? undefined : certificateFailure(socket, leaf, peer.name);
  if (failure !== undefined) socket.destroy();
  return failure ?? socket;
}

function startTls(below: Socket, name: string, secureContext: SecureContext): TLSSocket {
  const socket = connect({
    socket: below,
    // Neither an address nor the dot at the end of a name may be sent (RFC 6066, 3).
    servername: isIP(name) === 0 ? name.replace(/\.$/, '') : '',
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // We check the certificate ourselves afterwards, so that the expiry of a bad one can be read.
    rejectUnauthorized: false,
  });
  // Node then skips its check of the name, which is slow since it makes objects of the whole chain; certificateFailure
  // checks the name instead. Whether the chain is trusted Node still checks. See onConnectSecure in
  // https://github.com/nodejs/node/blob/v24.x/lib/internal/tls/wrap.js
  socket.isSessionReused = () => true;
  return socket;
}

function keepEarliest(findings: Run['findings'], expirySeconds: number): void {
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
