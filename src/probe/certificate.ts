import type { TLSSocket } from 'node:tls';
import { Failure } from './failure.ts';

/** A certificate with those of its issuers; the last is its own. */
type Link = { readonly valid_to: string; readonly issuerCertificate?: Link };

/**
 * The earliest end of validity, in Unix seconds, of the certificates that the handshake depended on: from the leaf up
 * its issuers to, not including, the trusted root; of all that were sent where none could be trusted.
 */
export function certificateExpiry(leaf: Link): number | undefined {
  const ends = chainOf(leaf)
    .map(({ valid_to }) => Date.parse(valid_to) / 1000)
    .filter(Number.isFinite);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

// The last link is issued by itself. As the trusted root it does not count, unless it is the leaf itself.
function chainOf(leaf: Link): readonly Link[] {
  const chain: Link[] = [];
  let link: Link | undefined = leaf;
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
