import { promises as dns } from 'node:dns';
import { isResourceShortage } from '../../runtime/shortage.ts';
import type { Target } from '../../target/target.ts';
import type { Deadline } from '../deadline.ts';
import { Failure, failureOf } from '../failure.ts';
import { type Address, familiesOf, interleave } from './address.ts';
import { hostsEntry } from './hosts.ts';
import { type Found, query } from './query.ts';
import { candidatesOf, systemResolvConf } from './resolv.ts';

/** How a name is looked up; `dnsServers` leave out hosts file and search list. */
export type LookupSettings = Pick<Target, 'ipVersion' | 'dnsServers'>;

/** Addresses of a name; `release` ends what is still being asked for. */
export type Lookup = Found & { readonly release: () => void };

/**
 * Looks a name up without getaddrinfo, which holds one of a few threads that every other look-up needs and cannot
 * be cancelled (nodejs/node#8436). The servers are asked by a resolver of this look-up alone: nothing is cached.
 */
export async function lookup(
  name: string,
  settings: LookupSettings,
  deadline: Deadline,
): Promise<Lookup | Failure> {
  try {
    return await lookedUp(name, settings, deadline);
  } catch (error) {
    if (error instanceof Error && isResourceShortage(error)) return failureOf(error, 'dns');
    throw error;
  }
}

async function lookedUp(
  name: string,
  settings: LookupSettings,
  deadline: Deadline,
): Promise<Lookup | Failure> {
  const families = familiesOf(settings.ipVersion);
  const entry = settings.dnsServers.length === 0 ? hostsEntry(name.toLowerCase()) : undefined;
  if (entry !== undefined) return known(name, entry, families);
  const { resolver, names } = plan(name, settings.dnsServers);
  const release = () => resolver.cancel();
  const found = await deadline.run<Found>('dns_timeout', (settle) => {
    void ask(resolver, names, families).then(settle);
    return release;
  });
  return found instanceof Failure ? found : { ...found, release };
}

function known(
  name: string,
  entry: readonly Address[],
  families: readonly Address['family'][],
): Lookup | Failure {
  const addresses = interleave(entry.filter(({ family }) => families.includes(family)));
  if (addresses.length > 0) return { addresses, rest: Promise.resolve([]), release: () => {} };
  return new Failure('dns_error', `the hosts file has no IPv${families.join(' or IPv')} address of ${name}`);
}

function plan(
  name: string,
  dnsServers: readonly string[],
): { resolver: dns.Resolver; names: readonly string[] } {
  const conf = systemResolvConf();
  const resolver = new dns.Resolver({ timeout: conf.timeoutMs, tries: conf.attempts });
  const servers = dnsServers.length > 0 ? dnsServers : conf.servers;
  // With none given it stays with the default of resolv.conf(5), this machine.
  if (servers.length > 0) resolver.setServers(servers);
  return { resolver, names: dnsServers.length > 0 ? [name] : candidatesOf(name, conf) };
}

// A name that does not exist leads to the next candidate; servers that do not answer would not answer for that either.
async function ask(
  resolver: dns.Resolver,
  names: readonly string[],
  families: readonly Address['family'][],
): Promise<Found | Failure> {
  let failure = new Failure('dns_error', 'there is no name to ask for');
  for (const name of names) {
    const found = await query(resolver, name, families);
    if (!(found instanceof Failure)) return found;
    failure = found;
    if (found.result !== 'dns_error') break;
  }
  return failure;
}
