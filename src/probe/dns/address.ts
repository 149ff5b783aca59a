import type { IpVersion } from '../../target/target.ts';

/** An address to connect to. */
export type Address = { readonly ip: string; readonly family: 4 | 6 };

/** The families in the order of preference (RFC 6724 puts IPv6 first). */
export function familiesOf(ipVersion: IpVersion): readonly Address['family'][] {
  if (ipVersion === 'auto') return [6, 4];
  return ipVersion === '4' ? [4] : [6];
}

/** Alternates the families, so that a broken family costs one attempt, not one for each of its addresses (RFC 8305, 4). */
export function interleave(addresses: readonly Address[]): readonly Address[] {
  const [lead = [], other = []] = [6, 4].map((family) =>
    addresses.filter((address) => address.family === family),
  );
  const longer = Math.max(lead.length, other.length);
  return Array.from({ length: longer }, (_, place) => [lead[place], other[place]])
    .flat()
    .filter((address) => address !== undefined);
}
