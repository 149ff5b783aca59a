import { isIP, type Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Target } from '../config/target.ts';
import { certificateExpiry, certificateFailure } from './certificate.ts';
import { Failure, failureOf } from './failure.ts';
import { type Hop, hostOf } from './hop.ts';
import type { Run } from './run.ts';
import { secureContext } from './tls-context.ts';

/**
 * Makes a connection secure, and says no before any byte of the request is written if the certificate is not
 * accepted; its expiry is read even then. Sessions are never resumed: each handshake is a whole one.
 */
export async function handshake(tcp: Socket, hop: Hop, run: Run): Promise<TLSSocket | Failure> {
  const { target, deadline, findings } = run;
  const context = secureContext(target.tls, hop.origin);
  if (context instanceof Failure) return context;
  const outcome = await deadline.run<TLSSocket>('tls_timeout', (settle) => {
    const socket = begin(tcp, hop, target, context);
    socket.on('error', (error) => settle(failureOf(error, 'tls')));
    socket.once('close', () => settle(new Failure('tls_error', 'closed during the handshake')));
    socket.once('secureConnect', () => settle(socket));
    return () => socket.destroy();
  });
  if (outcome instanceof Failure) return outcome;
  keepEarliest(findings, certificateExpiry(outcome));
  const refused = target.tls.insecureSkipVerify ? undefined : certificateFailure(outcome);
  if (refused !== undefined) outcome.destroy();
  return refused ?? outcome;
}

function begin(tcp: Socket, { url, origin }: Hop, { tls }: Target, secureContext: SecureContext): TLSSocket {
  const name = (origin === 'own' ? tls.serverName : undefined) ?? hostOf(url);
  return connect({
    socket: tcp,
    // Names the host that the certificate is checked against where there is no server name to send:
    // an address never is one (RFC 6066, 3).
    host: name,
    servername: isIP(name) === 0 ? name : '',
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // Judged by us afterwards, so that the expiry of a bad certificate can be told.
    rejectUnauthorized: false,
  });
}

function keepEarliest(findings: Run['findings'], expirySeconds: number | undefined): void {
  if (expirySeconds === undefined) return;
  findings.certificateExpirySeconds = Math.min(
    findings.certificateExpirySeconds ?? expirySeconds,
    expirySeconds,
  );
}
