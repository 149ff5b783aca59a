import { isIP, type Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { Failure, failureOf } from '../failure.ts';
import type { Run } from '../run.ts';
import { certificateExpiry, certificateFailure } from './certificate.ts';
import { tlsContext } from './tls-context.ts';

/** Who is expected at the other end of a connection, and whether it may see what was configured for the target. */
export type TlsPeer = { readonly name: string; readonly origin: 'own' | 'foreign' };

/**
 * Makes a connection secure, and says no before any byte of the request is written if the certificate is not
 * accepted; its expiry is read even then. Sessions are never resumed: each handshake is a whole one.
 */
export async function handshake(below: Socket, peer: TlsPeer, run: Run): Promise<TLSSocket | Failure> {
  const { tls } = run.settings;
  const context = tlsContext(tls, peer.origin);
  if (context instanceof Failure) {
    below.destroy();
    return context;
  }
  const socket = await run.deadline.run<TLSSocket>('tls_timeout', (settle) => {
    const begun = begin(below, peer.name, context.secureContext);
    begun.on('error', (error) => settle(failureOf(error, 'tls')));
    begun.once('close', () => settle(new Failure('tls_error', 'closed during the handshake')));
    begun.once('secureConnect', () => settle(begun));
    return () => begun.destroy();
  });
  if (socket instanceof Failure) return socket;
  const leaf = socket.getPeerX509Certificate();
  if (leaf !== undefined) keepEarliest(run.findings, certificateExpiry(leaf, context.trusted));
  const refused = tls.insecureSkipVerify ? undefined : certificateFailure(socket, leaf, peer.name);
  if (refused !== undefined) socket.destroy();
  return refused ?? socket;
}

function begin(below: Socket, name: string, secureContext: SecureContext): TLSSocket {
  const socket = connect({
    socket: below,
    // An address never may be sent (RFC 6066, 3), nor the dot at a name's end.
    servername: isIP(name) === 0 ? name.replace(/\.$/, '') : '',
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // Judged by us afterwards, so that the expiry of a bad certificate can be told.
    rejectUnauthorized: false,
  });
  // So that Node leaves the name to us: it would make objects of the whole chain for that, a sixth of a handshake.
  socket.isSessionReused = () => true;
  return socket;
}

function keepEarliest(findings: Run['findings'], expirySeconds: number): void {
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
