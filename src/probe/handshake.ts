import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { certificateExpiry, certificateFailure } from './certificate.ts';
import { Failure, failureOf } from './failure.ts';
import type { Run } from './run.ts';
import { secureContext } from './tls-context.ts';

/** Who is expected at the other end of a connection, and whether it may see what was configured for the target. */
export type TlsPeer = { readonly name: string; readonly origin: 'own' | 'foreign' };

/**
 * Makes a connection secure, and says no before any byte of the request is written if the certificate is not
 * accepted; its expiry is read even then. Sessions are never resumed: each handshake is a whole one.
 */
export async function handshake(below: Socket, peer: TlsPeer, run: Run): Promise<TLSSocket | Failure> {
  const { tls } = run.target;
  const context = secureContext(tls, peer.origin);
  if (context instanceof Failure) {
    below.destroy();
    return context;
  }
  let chain: PeerCertificate | undefined;
  const keepChain = (certificate: PeerCertificate) => {
    chain = certificate;
  };
  const socket = await run.deadline.run<TLSSocket>('tls_timeout', (settle) => {
    const begun = begin(below, peer.name, context, keepChain);
    begun.on('error', (error) => settle(failureOf(error, 'tls')));
    begun.once('close', () => settle(new Failure('tls_error', 'closed during the handshake')));
    begun.once('secureConnect', () => settle(begun));
    return () => begun.destroy();
  });
  if (socket instanceof Failure) return socket;
  // A certificate that is not trusted has not been shown.
  keepEarliest(run.findings, certificateExpiry(chain ?? socket.getPeerCertificate(true)));
  const refused = tls.insecureSkipVerify ? undefined : certificateFailure(socket);
  if (refused !== undefined) socket.destroy();
  return refused ?? socket;
}

function begin(
  below: Socket,
  name: string,
  secureContext: SecureContext,
  onCertificate: (certificate: PeerCertificate) => void,
): TLSSocket {
  return connect({
    socket: below,
    // What the certificate is checked against where no name may be sent: an address never may (RFC 6066, 3).
    host: name,
    // Nor may the dot at a name's end.
    servername: isIP(name) === 0 ? name.replace(/\.$/, '') : '',
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // Judged by us afterwards, so that the expiry of a bad certificate can be told.
    rejectUnauthorized: false,
    // Node shows it the whole chain, which costs a tenth of a handshake to read a second time.
    checkServerIdentity(host, certificate) {
      onCertificate(certificate);
      return checkServerIdentity(host, certificate);
    },
  });
}

function keepEarliest(findings: Run['findings'], expirySeconds: number | undefined): void {
  if (expirySeconds === undefined) return;
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
