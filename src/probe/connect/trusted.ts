import { X509Certificate } from 'node:crypto';

/** Certificates that are trusted, by their subject. */
export type Trusted = ReadonlyMap<string, readonly X509Certificate[]>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads certificates to be looked up; each text is PEM with one or more. */
export function trustedOf(pems: readonly string[]): Trusted {
  const certificates = pems
    .flatMap((pem) => pem.match(CERTIFICATE) ?? [])
    .map((pem) => new X509Certificate(pem));
  return Map.groupBy(certificates, ({ subject }) => subject);
}
