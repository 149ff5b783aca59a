import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, ready to serve, to sign others or to be trusted. */
export type Certificate = {
  readonly certPem: string;
  readonly keyPem: string;
  /** The certificate and its issuers up to, not including, the root: what a server sends. */
  readonly chainPem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly subject: string;
  readonly selfSigned: boolean;
};

/** What a certificate says; by default it is a leaf for localhost and both loopback addresses, valid now. */
export type CertificateRequest = {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** The issuer; without one the certificate is signed by itself. */
  readonly by?: Certificate;
  readonly isCa?: boolean;
  /** The subject's common name. */
  readonly commonName?: string;
  /** A certificate whose name and key it has too, as one that is signed a second time by another issuer. */
  readonly of?: Certificate;
};

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

/** A moment so many days from now, in whole seconds as certificates hold it; negative is the past. */
export function daysFromNow(days: number): Date {
  return new Date(Math.floor((Date.now() + days * DAY_MS) / 1000) * 1000);
}

/** A root that can issue certificates. */
export function certificateAuthority(request: CertificateRequest = {}): Promise<Certificate> {
  // Of two roots with one name OpenSSL takes the wrong one, and complains of the signature.
  return issue({ commonName: `Test Root ${randomBytes(4).toString('hex')}`, ...request, isCa: true });
}

/** Makes a certificate (ECDSA P-256) and its key. */
export async function issue(request: CertificateRequest = {}): Promise<Certificate> {
  const { by, isCa = false, notBefore = daysFromNow(-30), notAfter = daysFromNow(90) } = request;
  const keys = request.of?.keys ?? (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']));
  const subject = request.of?.subject ?? `CN=${request.commonName ?? 'Test Leaf'}`;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: randomBytes(8).toString('hex'),
      subject,
      issuer: by?.subject ?? subject,
      notBefore,
      notAfter,
      publicKey: keys.publicKey,
      signingKey: (by?.keys ?? keys).privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: isCa ? authorityExtensions() : leafExtensions(request),
    },
    webcrypto,
  );
  const certPem = `${certificate.toString('pem')}\n`;
  const sentIssuers = by === undefined || by.selfSigned ? '' : by.chainPem;
  return {
    certPem,
    keyPem: await pemOf(keys.privateKey),
    chainPem: certPem + sentIssuers,
    notBefore,
    notAfter,
    keys,
    subject,
    selfSigned: by === undefined,
  };
}

function authorityExtensions(): x509.Extension[] {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
  ];
}

function leafExtensions({ names, addresses }: CertificateRequest): x509.Extension[] {
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...(names ?? ['localhost']).map((value) => ({ type: 'dns', value }) as const),
      ...(addresses ?? ['127.0.0.1', '::1']).map((value) => ({ type: 'ip', value }) as const),
    ]),
  ];
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}
