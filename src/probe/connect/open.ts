import { isIP, type Socket } from 'node:net';
import type { Address } from '../dns/address.ts';
import { type Lookup, lookUpName } from '../dns/lookup.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Wire } from '../wire.ts';
import type { MakeAttempt } from './attempt.ts';
import type { DenyList } from './deny-list.ts';
import { dial } from './dial.ts';

/** A host and port to connect to; without a deny list every address is allowed. */
type Peer<S extends Socket> = {
  readonly host: string;
  readonly port: number;
  readonly denyList?: DenyList;
  readonly makeAttempt: MakeAttempt<S>;
};

/** Looks a host up and connects to it; no packet is sent to a denied address. */
export async function openTcp<S extends Socket>(
  { host, port, denyList, makeAttempt }: Peer<S>,
  run: Run,
): Promise<Wire<S> | Failure> {
  // Made before the look-up begins, so that the time it takes counts in no phase.
  const first = makeAttempt(port);
  const found = parseLiteral(host) ?? (await lookUpHost(host, run));
  if (found instanceof Failure) {
    first.socket.destroy();
    return found;
  }
  run.timeline.enter('connect');
  const allowed = (addresses: readonly Address[]) =>
    addresses.filter(({ ip }) => denyList?.denies(ip) !== true);
  const destination = {
    addresses: allowed(found.addresses),
    rest: found.rest.then(allowed),
    port,
    first,
    makeAttempt,
    otherwise: () => blockedAddress(host, found.addresses),
  };
  const wire = await dial(destination, run.deadline);
  found.release();
  return wire;
}

function lookUpHost(host: string, { settings, deadline, timeline }: Run): Promise<Lookup | Failure> {
  timeline.enter('dns');
  return lookUpName(host, settings, deadline);
}

/** The address of a host that is written as one: there is nothing to look up. */
export function parseLiteral(host: string): Lookup | undefined {
  const family = isIP(host);
  if (family !== 4 && family !== 6) return undefined;
  return { addresses: [{ ip: host, family }], rest: Promise.resolve([]), release: () => {} };
}

/** The failure of a host all of whose addresses are denied. */
export function blockedAddress(host: string, addresses: readonly Address[]): Failure {
  const ips = addresses.map(({ ip }) => ip).join(', ');
  return new Failure(
    'blocked_address',
    `${host} is at ${ips}, denied by deny_addresses or the built-in list`,
  );
}
