import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { Failure } from './failure.ts';

/**
 * The earliest end of validity, in Unix seconds, of the certificates that the handshake depended on: from the leaf up
 * its issuers to, not including, the trusted root; of all that were sent where none could be trusted.
 */
export function certificateExpiry(socket: TLSSocket): number | undefined {
  const chain = chainOf(socket.getPeerCertificate(true));
  const ends = chain.map(({ valid_to }) => Date.parse(valid_to) / 1000).filter(Number.isFinite);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

// The last link is issued by itself. As the trusted root it does not count, unless it is the leaf itself.
function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let link: DetailedPeerCertificate | undefined = leaf;
  while (link?.valid_to !== undefined && !chain.includes(link)) {
    const isRoot: boolean = link.issuerCertificate === link;
    if (chain.length === 0 || !isRoot) chain.push(link);
    link = isRoot ? undefined : link.issuerCertificate;
  }
  return chain;
}

/** Why the peer's certificate is not accepted, if it is not: untrusted, out of its time, revoked, or of another host. */
export function certificateFailure(socket: TLSSocket): Failure | undefined {
  if (socket.authorized) return undefined;
  const { authorizationError } = socket;
  return new Failure('tls_certificate', describe(authorizationError));
}

function describe(error: unknown): string {
  const code = error instanceof Error ? error.message : String(error);
  return `the certificate is not accepted: ${code}`;
}
