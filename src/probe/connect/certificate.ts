import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { domainToASCII } from 'node:url';
import { Failure } from '../failure.ts';
import type { CertificatePath } from './certificate-path.ts';

/**
 * Why the peer's certificate is not accepted, if it is not: untrusted, expired, not yet valid, or for another host than
 * `name` (RFC 9525; the common name where there are no alternative names).
 */
export function certificateFailure(
  { authorized, authorizationError }: Pick<TLSSocket, 'authorized' | 'authorizationError'>,
  path: CertificatePath | undefined,
  name: string,
): Failure | undefined {
  if (!authorized) return notAccepted(authorizationError);
  return path !== undefined && isFor(path, name) ? undefined : notAccepted('ERR_TLS_CERT_ALTNAME_INVALID');
}

function isFor({ leaf, names }: CertificatePath, name: string): boolean {
  const known = names.get(name) ?? matches(leaf, name);
  names.set(name, known);
  return known;
}

function matches(leaf: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return leaf.checkIP(name) !== undefined;
  return leaf.checkHost(domainToASCII(name).replace(/\.$/, ''), { partialWildcards: false }) !== undefined;
}

function notAccepted(error: unknown): Failure {
  const code = error instanceof Error ? error.message : String(error);
  return new Failure('tls_certificate', `the certificate is not accepted: ${code}`);
}
