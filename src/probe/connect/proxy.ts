import ipaddr from 'ipaddr.js';
import { hostOf, portOf, usesTls } from '../../target/scheme.ts';
import type { ProxySettings } from '../../target/target.ts';

/** The proxy to go through to a URL, if any. */
export function proxyFor(url: URL, { http, https, noProxy }: ProxySettings): URL | undefined {
  const proxy = usesTls(url.protocol) ? https : http;
  if (proxy === undefined || noProxy.some((entry) => matchesEntry(entry.toLowerCase(), url)))
    return undefined;
  return new URL(proxy);
}

/**
 * Whether an entry of `no_proxy` names a URL's host, by the rules of Go's `httpproxy`: `*`, an address, a CIDR, a
 * domain and its subdomains, `.domain` for its subdomains alone; all but the CIDR may have a port.
 */
function matchesEntry(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = hostOf(url).replace(/\.$/, '');
  if (ipaddr.isValidCIDR(entry)) return isWithin(host, entry);
  const { name, port } = parseEntry(entry);
  if (port !== undefined && port !== portOf(url)) return false;
  if (ipaddr.isValid(name)) return ipaddr.isValid(host) && normalize(host) === normalize(name);
  return name !== '' && (host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`));
}

function isWithin(host: string, cidr: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const address = ipaddr.process(host);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return address.kind() === network.kind() && address.match(network, bits);
}

function parseEntry(entry: string): { name: string; port?: number } {
  if (ipaddr.isValid(entry)) return { name: entry };
  const [, name = entry, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
  return port === undefined ? { name } : { name, port: Number(port) };
}

function normalize(ip: string): string {
  return ipaddr.process(ip).toNormalizedString();
}
