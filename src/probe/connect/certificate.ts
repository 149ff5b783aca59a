import type { TLSSocket } from 'node:tls';
import { Failure } from '../failure.ts';
import type { CertificatePath } from './certificate-path.ts';

/**
 * Why the peer's certificate is not accepted, if it is not: untrusted, expired, not yet valid, or for another host
 * (RFC 9525; the common name where there are no alternative names).
 */
export function certificateFailure(
  { authorized, authorizationError }: Pick<TLSSocket, 'authorized' | 'authorizationError'>,
  path: CertificatePath | undefined,
): Failure | undefined {
  if (!authorized) return notAccepted(authorizationError);
  return path?.isForName === true ? undefined : notAccepted('ERR_TLS_CERT_ALTNAME_INVALID');
}

function notAccepted(error: unknown): Failure {
  const code = error instanceof Error ? error.message : String(error);
  return new Failure('tls_certificate', `the certificate is not accepted: ${code}`);
}
