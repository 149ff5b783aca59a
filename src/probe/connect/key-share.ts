/** A group for which the first message of a handshake can carry a key share alone. */
export type KeyShare = 'X25519' | 'X25519MLKEM768';

// All groups that Node offers by default, in its order; the one with a star carries the only key share. A server that
// takes another one asks for a second round trip, as it does with Node's own list.
const GROUPS: Readonly<Record<KeyShare, string>> = {
  X25519: 'X25519MLKEM768:*X25519:P-256:X448:P-384:P-521:ffdhe2048:ffdhe3072',
  X25519MLKEM768: '*X25519MLKEM768:X25519:P-256:X448:P-384:P-521:ffdhe2048:ffdhe3072',
};

/** The option `ecdhCurve` of a TLS context whose handshakes begin with this key share. */
export function groupsOf(share: KeyShare): string {
  return GROUPS[share];
}

const FORGET_AFTER_MS = 3_600_000;
// Redirects may lead to new hosts for ever.
const MAX_KNOWN = 10_000;

type Learnt = { readonly share: KeyShare; readonly sinceMs: number };

/** Which key share each server took last, so that no time is spent on making the other. */
export class KeyShares {
  readonly #learnt = new Map<string, Learnt>();

  /** The share to begin with; undefined for the default ones, which are used once an hour to notice a server that changed. */
  get(server: string, nowMs: number): KeyShare | undefined {
    const learnt = this.#learnt.get(server);
    if (learnt === undefined || nowMs - learnt.sinceMs < FORGET_AFTER_MS) return learnt?.share;
    this.#learnt.delete(server);
    return undefined;
  }

  /** Remembers the group that a handshake agreed on, if it is one of the default shares. */
  learn(server: string, group: string | undefined, nowMs: number): void {
    const share = group === 'X25519' || group === 'X25519MLKEM768' ? group : undefined;
    const known = this.#learnt.get(server);
    if (share === undefined) this.#learnt.delete(server);
    if (share === undefined || share === known?.share) return;
    if (this.#learnt.size >= MAX_KNOWN) this.#learnt.clear();
    this.#learnt.set(server, { share, sinceMs: nowMs });
  }
}
