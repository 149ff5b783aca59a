import { isIPv6 } from 'node:net';

/** Where to listen; an empty host means all addresses, port 0 a free one. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** The fault of a text that is not an address to listen on. */
export const NOT_AN_ADDRESS =
  'is not [HOST]:PORT with a port from 0 to 65535 (such as :8080, 127.0.0.1:0, [::1]:8080)';

/** Reads `[HOST]:PORT`, an IPv6 address in brackets; undefined if `text` is not one. */
export function parseAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[\w.-]*)):(?<port>\d{1,5})$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const { ipv6, name, port } = match.groups;
  if (Number(port) > 65_535 || (ipv6 !== undefined && !isIPv6(ipv6))) return undefined;
  return { host: ipv6 ?? name ?? '', port: Number(port) };
}
