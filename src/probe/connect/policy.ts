import ipaddr from 'ipaddr.js';
import type { AddressPolicy } from '../../target/target.ts';

type IP = ipaddr.IPv4 | ipaddr.IPv6;
type Range = { readonly cidr: string; readonly network: IP; readonly bits: number };

/** Denied unless allowed: link-local addresses, the metadata services of the clouds, and "this host". */
const BUILT_IN_DENY = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '0.0.0.0/8',
  '::/128',
];

// Prefixes under which an IPv4 address is written into an IPv6 one, with the byte at which it begins:
// mapped and compatible (RFC 4291, 2.5.5), translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056).
const EMBEDDINGS = (
  [
    ['::ffff:0:0/96', 12],
    ['::/96', 12],
    ['::ffff:0:0:0/96', 12],
    ['64:ff9b::/96', 12],
    ['64:ff9b:1::/48', 12],
    ['2002::/16', 2],
  ] as const
).map(([cidr, at]) => ({ range: rangeOf(cidr), at }));

const builtIn = BUILT_IN_DENY.map(rangeOf);

type Rules = {
  readonly deny: readonly Range[];
  readonly allow: readonly Range[];
  /** What was found for the addresses that were asked for. */
  readonly known: Map<string, string | undefined>;
};

// By identity: targets that inherit their policy share it.
const parsed = new WeakMap<AddressPolicy, Rules>();

// Names may lead to new addresses for ever.
const MOST_KNOWN = 10_000;

/** The CIDR for which an address must not be connected to, if there is one. */
export function denied(ip: string, policy: AddressPolicy): string | undefined {
  const rules = parsed.get(policy) ?? parse(policy);
  const { known } = rules;
  if (known.has(ip)) return known.get(ip);
  const cidr = denyingRange(ip, rules);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(ip, cidr);
  return cidr;
}

function denyingRange(ip: string, { deny, allow }: Rules): string | undefined {
  const forms = formsOf(ipaddr.parse(ip));
  if (forms.some((form) => allow.some((range) => contains(range, form)))) return undefined;
  return deny.find((range) => forms.some((form) => contains(range, form)))?.cidr;
}

function parse(policy: AddressPolicy): Rules {
  const deny = [...builtIn, ...policy.deny.map(rangeOf)];
  const rules = { deny, allow: policy.allow.map(rangeOf), known: new Map() };
  parsed.set(policy, rules);
  return rules;
}

function rangeOf(cidr: string): Range {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return { cidr, network, bits };
}

function contains({ network, bits }: Range, address: IP): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

// An IPv6 address stands for the IPv4 address in it too: both lead to the same machine.
function formsOf(address: IP): readonly IP[] {
  // They begin with 96 zeros as well, but nothing is embedded in them.
  if (['loopback', 'unspecified'].includes(address.range())) return [address];
  const inside = EMBEDDINGS.filter(({ range }) => contains(range, address));
  const bytes = address.toByteArray();
  return [address, ...inside.map(({ at }) => new ipaddr.IPv4(bytes.slice(at, at + 4)))];
}
