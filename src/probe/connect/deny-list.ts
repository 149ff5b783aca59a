import ipaddr from 'ipaddr.js';
import type { AddressPolicy } from '../../target/target.ts';

type IP = ipaddr.IPv4 | ipaddr.IPv6;
type Range = { readonly network: IP; readonly bits: number };

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

const BUILT_IN = BUILT_IN_DENY.map(rangeOf);

// Names may lead to new addresses for ever.
const MAX_CHECKED = 10_000;

/** Which addresses must not be connected to: the built-in ranges and those of a policy, but for its exceptions. */
export class DenyList {
  readonly #deny: readonly Range[];
  readonly #allow: readonly Range[];
  readonly #checked = new Map<string, boolean>();

  constructor({ deny, allow }: AddressPolicy) {
    this.#deny = [...BUILT_IN, ...deny.map(rangeOf)];
    this.#allow = allow.map(rangeOf);
  }

  denies(ip: string): boolean {
    const known = this.#checked.get(ip);
    if (known !== undefined) return known;
    const isDenied = this.#check(ip);
    if (this.#checked.size >= MAX_CHECKED) this.#checked.clear();
    this.#checked.set(ip, isDenied);
    return isDenied;
  }

  #check(ip: string): boolean {
    const forms = formsOf(ipaddr.parse(ip));
    const isIn = (ranges: readonly Range[]) =>
      ranges.some((range) => forms.some((form) => contains(range, form)));
    return isIn(this.#deny) && !isIn(this.#allow);
  }
}

function rangeOf(cidr: string): Range {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return { network, bits };
}

function contains({ network, bits }: Range, address: IP): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

// An IPv6 address also stands for the IPv4 address in it: both lead to the same machine.
function formsOf(address: IP): readonly IP[] {
  // They begin with 96 zeros as well, but nothing is embedded in them.
  if (['loopback', 'unspecified'].includes(address.range())) return [address];
  const inside = EMBEDDINGS.filter(({ range }) => contains(range, address));
  const bytes = address.toByteArray();
  return [address, ...inside.map(({ at }) => new ipaddr.IPv4(bytes.slice(at, at + 4)))];
}
