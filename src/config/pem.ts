import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { FileContent } from '../runtime/file-content.ts';

const KINDS = {
  ca: { allowed: 'a PEM file of CA certificates', faultOf: certificatesFault },
  certificate: { allowed: 'a PEM file of a certificate and its issuers', faultOf: certificatesFault },
  key: { allowed: 'a PEM file of a private key, without passphrase', faultOf: keyFault },
} as const;

/** What a PEM file may hold. */
export type PemKind = keyof typeof KINDS;

/** What is wrong with a PEM file as it was read, and what is allowed; undefined if nothing is. */
export function pemFault(kind: PemKind, read: FileContent): string | undefined {
  const { allowed, faultOf } = KINDS[kind];
  const wrong = 'fault' in read ? read.fault : faultOf(read.content);
  return wrong && `${wrong} (${allowed})`;
}

/** What is wrong with a key beside its certificate; nothing where one of the two has a fault of its own. */
export function keyPairFault(certificates: FileContent, key: FileContent): string | undefined {
  if ('fault' in certificates || 'fault' in key) return undefined;
  const certificate = certificateOf(certificateBlocks(certificates.content)[0] ?? '');
  const privateKey = keyOf(key.content);
  if (certificate === undefined || privateKey === undefined || certificate.checkPrivateKey(privateKey)) {
    return undefined;
  }
  return 'does not match cert_file (the private key of its first certificate)';
}

function certificatesFault(content: Buffer): string | undefined {
  const blocks = certificateBlocks(content);
  if (blocks.length === 0) return 'contains no certificate';
  const broken = blocks.findIndex((pem) => certificateOf(pem) === undefined);
  return broken < 0 ? undefined : `contains an invalid certificate, number ${broken + 1}`;
}

function keyFault(content: Buffer): string | undefined {
  return keyOf(content) === undefined ? 'contains no usable private key' : undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function certificateBlocks(content: Buffer): readonly string[] {
  return content.toString('latin1').match(CERTIFICATE) ?? [];
}

// OpenSSL's own message does not help people, and may quote the file.
function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function keyOf(content: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(content);
  } catch {
    return undefined;
  }
}
