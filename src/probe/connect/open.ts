import { isIP, type Socket } from 'node:net';
import type { AddressPolicy } from '../../target/target.ts';
import type { Address } from '../dns/address.ts';
import { type Lookup, lookup } from '../dns/lookup.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import { dial } from './dial.ts';
import { denied } from './policy.ts';

/** A host and port to connect to; without a policy every address will do. */
export type Peer = { readonly host: string; readonly port: number; readonly policy?: AddressPolicy };

/** Looks a host up and connects to it; not a packet goes to an address that the policy denies. */
export async function tcpConnection({ host, port, policy }: Peer, run: Run): Promise<Socket | Failure> {
  const found = literal(host) ?? (await lookedUp(host, run));
  if (found instanceof Failure) return found;
  run.timeline.enter('connect');
  const allowed = (addresses: readonly Address[]) =>
    addresses.filter(({ ip }) => !policy || !denied(ip, policy));
  const destination = {
    addresses: allowed(found.addresses),
    rest: found.rest.then(allowed),
    port,
    otherwise: () => blocked(host, found.addresses),
  };
  const socket = await dial(destination, run.deadline);
  found.release();
  return socket;
}

function lookedUp(host: string, { settings, deadline, timeline }: Run): Promise<Lookup | Failure> {
  timeline.enter('dns');
  return lookup(host, settings, deadline);
}

/** A host that is an address already, so that there is nothing to look up. */
export function literal(host: string): Lookup | undefined {
  const family = isIP(host);
  if (family !== 4 && family !== 6) return undefined;
  return { addresses: [{ ip: host, family }], rest: Promise.resolve([]), release: () => {} };
}

/** The failure of a host all of whose addresses are denied. */
export function blocked(host: string, addresses: readonly Address[]): Failure {
  const ips = addresses.map(({ ip }) => ip).join(', ');
  return new Failure('blocked_address', `${host} is at ${ips}, which deny_addresses rules out`);
}
