import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { domainToASCII } from 'node:url';
import { Failure } from '../failure.ts';

/** Trusted certificates by their subject. */
export type TrustedCertificates = ReadonlyMap<string, readonly X509Certificate[]>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Parses trusted certificates; each text is PEM with one or more. */
export function parseTrusted(pems: readonly string[]): TrustedCertificates {
  const certificates = pems
    .flatMap((pem) => pem.match(CERTIFICATE) ?? [])
    .map((pem) => new X509Certificate(pem));
  return Map.groupBy(certificates, ({ subject }) => subject);
}

/**
 * The earliest end of validity, in Unix seconds, of the certificates that a handshake depended on: from the leaf up its
 * issuers, sent or trusted, to, not including, the trusted root; of all that were sent where none could be trusted.
 */
export function certificateExpiry(leaf: X509Certificate, trusted: TrustedCertificates): number {
  return Math.min(...chainOf(leaf, trusted).map(({ validToDate }) => validToDate.getTime() / 1000));
}

// A root is issued by itself. It does not count, unless it is the leaf.
function chainOf(leaf: X509Certificate, trusted: TrustedCertificates): readonly X509Certificate[] {
  const sent = sentAfter(leaf);
  const chain = [leaf];
  let link: X509Certificate | undefined = leaf;
  while (link !== undefined && !isRoot(link)) {
    const issuer = issuerOf(link, [...sent, ...(trusted.get(link.issuer) ?? [])]);
    link = issuer === undefined || chain.includes(issuer) ? undefined : issuer;
    if (link !== undefined && !isRoot(link)) chain.push(link);
  }
  return chain;
}

// Node gives them in the order in which they were sent, whether or not each issued the one before.
function sentAfter({ issuerCertificate: next }: X509Certificate): readonly X509Certificate[] {
  return next === undefined ? [] : [next, ...sentAfter(next)];
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

function issuerOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return candidates.find((candidate) => certificate.checkIssued(candidate));
}

/**
 * Why the peer's certificate is not accepted, if it is not: untrusted, expired, not yet valid, or for another host than
 * `name` (RFC 9525; the common name where there are no alternative names).
 */
export function certificateFailure(
  socket: TLSSocket,
  leaf: X509Certificate | undefined,
  name: string,
): Failure | undefined {
  if (!socket.authorized) return notAccepted(socket.authorizationError);
  return leaf !== undefined && isFor(leaf, name) ? undefined : notAccepted('ERR_TLS_CERT_ALTNAME_INVALID');
}

function isFor(leaf: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return leaf.checkIP(name) !== undefined;
  return leaf.checkHost(domainToASCII(name).replace(/\.$/, ''), { partialWildcards: false }) !== undefined;
}

function notAccepted(error: unknown): Failure {
  const code = error instanceof Error ? error.message : String(error);
  return new Failure('tls_certificate', `the certificate is not accepted: ${code}`);
}
