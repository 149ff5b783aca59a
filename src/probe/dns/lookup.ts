import { promises as dns } from 'node:dns';
import { isResourceShortage } from '../../runtime/shortage.ts';
import type { Target } from '../../target/target.ts';
import type { Deadline } from '../deadline.ts';
import { Failure, failureOf } from '../failure.ts';
import { type Address, familiesOf, interleave } from './address.ts';
import { hostsEntry } from './hosts.ts';
import { type FoundAddresses, queryName } from './query.ts';
import { candidatesOf, systemResolvConf } from './resolv-conf.ts';

/** How a name is looked up; with `dnsServers`, hosts file and search list are not used. */
export type LookupSettings = Pick<Target, 'ipVersion' | 'dnsServers'>;

/** Addresses of a name; `release` ends the queries that still run. */
export type Lookup = FoundAddresses & { readonly release: () => void };

/**
 * Looks a name up without getaddrinfo, which holds one of a few threads that every other look-up needs and cannot
 * be cancelled (nodejs/node#8436). Each look-up has a resolver of its own: nothing is cached.
 */
export async function lookUpName(
  name: string,
  settings: LookupSettings,
  deadline: Deadline,
): Promise<Lookup | Failure> {
  try {
    return await findAddresses(name, settings, deadline);
  } catch (error) {
    if (error instanceof Error && isResourceShortage(error)) return failureOf(error, 'dns');
    throw error;
  }
}

async function findAddresses(
  name: string,
  settings: LookupSettings,
  deadline: Deadline,
): Promise<Lookup | Failure> {
  const families = familiesOf(settings.ipVersion);
  const entry = settings.dnsServers.length === 0 ? hostsEntry(name.toLowerCase()) : undefined;
  if (entry !== undefined) return fromHosts(name, entry, families);
  const { resolver, names } = makeResolver(name, settings.dnsServers);
  const release = () => resolver.cancel();
  const found = await deadline.run<FoundAddresses>('dns_timeout', (settle) => {
    void queryAll(resolver, names, families).then(settle);
    return release;
  });
  return found instanceof Failure ? found : { ...found, release };
}

function fromHosts(
  name: string,
  entry: readonly Address[],
  families: readonly Address['family'][],
): Lookup | Failure {
  const addresses = interleave(entry.filter(({ family }) => families.includes(family)));
  if (addresses.length > 0) return { addresses, rest: Promise.resolve([]), release: () => {} };
  return new Failure('dns_error', `the hosts file has no IPv${families.join(' or IPv')} address of ${name}`);
}

function makeResolver(
  name: string,
  dnsServers: readonly string[],
): { resolver: dns.Resolver; names: readonly string[] } {
  const conf = systemResolvConf();
  const resolver = new dns.Resolver({ timeout: conf.timeoutMs, tries: conf.attempts });
  const servers = dnsServers.length > 0 ? dnsServers : conf.servers;
  // Without any, the resolver keeps the default of resolv.conf(5), this machine.
  if (servers.length > 0) resolver.setServers(servers);
  return { resolver, names: dnsServers.length > 0 ? [name] : candidatesOf(name, conf) };
}

// If a name does not exist, the next candidate is tried; servers that do not respond would not respond for that either.
async function queryAll(
  resolver: dns.Resolver,
  names: readonly string[],
  families: readonly Address['family'][],
): Promise<FoundAddresses | Failure> {
  let failure = new Failure('dns_error', 'there is no name to query');
  for (const name of names) {
    const found = await queryName(resolver, name, families);
    if (!(found instanceof Failure)) return found;
    failure = found;
    if (found.result !== 'dns_error') break;
  }
  return failure;
}
