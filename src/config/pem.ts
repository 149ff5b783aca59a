import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** What is wrong with a file of certificates in PEM form; undefined if nothing is. */
export function certificatesFault(content: Buffer): string | undefined {
  const blocks = certificateBlocks(content);
  if (blocks.length === 0) return 'holds no certificate';
  const broken = blocks.findIndex((pem) => certificateOf(pem) === undefined);
  return broken < 0 ? undefined : `holds a certificate that is broken, number ${broken + 1}`;
}

/** What is wrong with a file of a private key in PEM form; undefined if nothing is. */
export function keyFault(content: Buffer): string | undefined {
  return keyOf(content) === undefined ? 'holds no usable private key' : undefined;
}

/** Whether a key is that of the first certificate; files that hold none are another fault, and fit. */
export function keyFits(certificates: Buffer, key: Buffer): boolean {
  const certificate = certificateOf(certificateBlocks(certificates)[0] ?? '');
  const privateKey = keyOf(key);
  return certificate === undefined || privateKey === undefined || certificate.checkPrivateKey(privateKey);
}

function certificateBlocks(content: Buffer): readonly string[] {
  return content.toString('latin1').match(CERTIFICATE) ?? [];
}

// What OpenSSL says of a broken file is of no use to people, and may quote it.
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
