import { isIP } from 'node:net';
import { cacheSystemFile } from '../file-cache.ts';
import type { Address } from './address.ts';

const LOOPBACK: readonly Address[] = [
  { ip: '127.0.0.1', family: 4 },
  { ip: '::1', family: 6 },
];

/** The addresses that a hosts(5) file gives each name, in the order of its lines; names in lower case. */
export function parseHosts(text: string): ReadonlyMap<string, readonly Address[]> {
  const hosts = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(ip);
    if (family !== 4 && family !== 6) continue;
    for (const name of names) add(hosts, name.toLowerCase(), { ip, family });
  }
  return hosts;
}

function add(hosts: Map<string, Address[]>, name: string, address: Address): void {
  const known = hosts.get(name) ?? [];
  if (!known.some(({ ip }) => ip === address.ip)) hosts.set(name, [...known, address]);
}

const systemHosts = cacheSystemFile('/etc/hosts', parseHosts);

/** The addresses of a name in the hosts file; `localhost` is the loopback even if it is not there (RFC 6761, 6.3). */
export function hostsEntry(name: string): readonly Address[] | undefined {
  const entry = systemHosts().get(name);
  if (entry !== undefined) return entry;
  return name === 'localhost' || name.endsWith('.localhost') ? LOOPBACK : undefined;
}
