import ipaddr from 'ipaddr.js';
import { hostOf, portOf } from '../../target/scheme.ts';
import type { ProxySettings } from '../../target/target.ts';

/** The proxy to go through to a URL, if any. */
export function proxyFor(url: URL, { http, https, noProxy }: ProxySettings): URL | undefined {
  const proxy = url.protocol === 'https:' ? https : http;
  if (proxy === undefined || noProxy.some((entry) => matches(entry.toLowerCase(), url))) return undefined;
  return new URL(proxy);
}

/**
 * Whether an entry of `no_proxy` names a URL's host, by the rules of Go's `httpproxy`: `*`, an address, a CIDR, a
 * domain with all below it, `.domain` with only what is below it; all but the CIDR with a port if wanted.
 */
function matches(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = hostOf(url).replace(/\.$/, '');
  if (ipaddr.isValidCIDR(entry)) return isWithin(host, entry);
  const { name, port } = parsed(entry);
  if (port !== undefined && port !== portOf(url)) return false;
  if (ipaddr.isValid(name)) return ipaddr.isValid(host) && normal(host) === normal(name);
  return name !== '' && (host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`));
}

function isWithin(host: string, cidr: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const address = ipaddr.process(host);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return address.kind() === network.kind() && address.match(network, bits);
}

function parsed(entry: string): { name: string; port?: number } {
  if (ipaddr.isValid(entry)) return { name: entry };
  const [, name = entry, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
  return port === undefined ? { name } : { name, port: Number(port) };
}

function normal(ip: string): string {
  return ipaddr.process(ip).toNormalizedString();
}
