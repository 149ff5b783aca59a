import { hash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

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

/** What the certificates that a server sent say; without them, since they may be large and new each time. */
export type CertificatePath = {
  /** The earliest end of validity, Unix seconds; undefined if no date of them is one. */
  readonly expirySeconds: number | undefined;
  /** Whether the leaf is verified and for the name that it was asked for (RFC 9525). */
  readonly isForName: boolean;
  /** When another certificate may take the place of one in the path, Unix milliseconds. */
  readonly untilMs: number;
};

// Servers may send new certificates for ever, and redirects lead to new names.
const MAX_KNOWN = 10_000;

/**
 * Finds what certificates say, once for all handshakes for one name that bring the same ones: all bytes that were sent
 * are compared, since any of the certificates may be replaced. Whether they are trusted OpenSSL verifies at each
 * handshake.
 */
export class CertificatePaths {
  readonly #trusted: TrustedCertificates;
  readonly #known = new Map<string, CertificatePath>();

  constructor(trusted: TrustedCertificates) {
    this.#trusted = trusted;
  }

  find(leaf: X509Certificate, name: string, isVerified: boolean, nowMs = Date.now()): CertificatePath {
    const sent = readChain(leaf);
    const bytes = hash('sha256', Buffer.concat(sent.map(({ raw }) => raw)), 'base64');
    const key = `${isVerified} ${bytes} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known;
    const path = isVerified ? pathOf(leaf, sent, this.#trusted, nowMs) : sent.filter(isNotRootAbove);
    const found = { ...datesOf(path, sent, nowMs), isForName: isVerified && isFor(leaf, name) };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }
}

function isFor(leaf: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return leaf.checkIP(name) !== undefined;
  return leaf.checkHost(domainToASCII(name).replace(/\.$/, ''), { partialWildcards: false }) !== undefined;
}

// The leaf first. Node gives the others in the order in which they were sent, whether or not each issued the one before;
// reading them takes them away from the connection.
function readChain(leaf: X509Certificate): readonly X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next: X509Certificate | undefined = leaf; next !== undefined; next = next.issuerCertificate)
    sent.push(next);
  return sent;
}

/**
 * The certificates that a handshake depended on: from the leaf up, to a trusted certificate; a root, which is signed by
 * itself, does not count.
 */
function pathOf(
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: TrustedCertificates,
  nowMs: number,
): readonly X509Certificate[] {
  const path = [leaf];
  let last = leaf;
  while (!isRoot(last)) {
    const issuer = issuerOf(last, sent, trusted, nowMs);
    if (issuer === undefined || isRoot(issuer) || path.includes(issuer)) break;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

// As OpenSSL chooses: of several with one name and key one that is valid now, and a trusted one before one that was sent.
function issuerOf(
  certificate: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: TrustedCertificates,
  nowMs: number,
): X509Certificate | undefined {
  const candidates = [...(trusted.get(certificate.issuer) ?? []), ...sent].filter(
    (candidate) => candidate !== certificate && certificate.checkIssued(candidate),
  );
  return candidates.find((candidate) => isValid(candidate, nowMs)) ?? candidates[0];
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

function isNotRootAbove(certificate: X509Certificate, index: number): boolean {
  return index === 0 || !isRoot(certificate);
}

function isValid({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);
}

function datesOf(
  path: readonly X509Certificate[],
  sent: readonly X509Certificate[],
  nowMs: number,
): Pick<CertificatePath, 'expirySeconds' | 'untilMs'> {
  const ends = path.map(({ validTo }) => Date.parse(validTo)).filter(isDate);
  // Those of the path may be trusted ones that were not sent.
  const changes = [...sent, ...path]
    .flatMap(({ validFrom, validTo }) => [Date.parse(validFrom), Date.parse(validTo)])
    .filter((ms) => ms > nowMs);
  const expirySeconds = ends.length === 0 ? undefined : Math.min(...ends) / 1000;
  return { expirySeconds, untilMs: Math.min(...changes, Number.POSITIVE_INFINITY) };
}

// A malformed date is NaN as a text; as `validToDate` it is whatever the memory held.
function isDate(ms: number): boolean {
  return !Number.isNaN(ms);
}
