import { blackhole } from '../blackhole.ts';
import { addressRecord, type DnsHandler, type Reply, silence, zone } from '../dns-reply.ts';
import { dnsServer } from '../dns-server.ts';
import { httpServer } from '../http-server.ts';
import type { Overrides } from '../target.ts';
import { type Misbehaviour, misbehaving } from './kind.ts';

const NAME = 'site.test';
const GOOD: Reply = { answers: [addressRecord(NAME, '127.0.0.1')] };
const GOOD_ZONE = zone({ [NAME]: ['127.0.0.1'] });

/** A healthy server on 127.0.0.1 under a name that one name server is asked for. */
function named(handler: DnsHandler, overrides: Overrides = {}): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const server = stack.use(await httpServer());
      const { address } = stack.use(await dnsServer(handler));
      return {
        url: `http://${NAME}:${server.port}/`,
        overrides: { dnsServers: [address], ...overrides },
        requests: () => server.requests.length,
      };
    });
}

/** Answers for IPv4 with these, and for IPv6 that there is no such address. */
function onlyFour(...replies: readonly Reply[]): DnsHandler {
  return ({ type }) => (type === 'A' ? replies : {});
}

const FAILING: readonly Misbehaviour[] = Object.entries<DnsHandler>({
  'a name that does not exist': () => ({ rcode: 'NXDOMAIN' }),
  'a name server that fails (SERVFAIL)': () => ({ rcode: 'SERVFAIL' }),
  'a name server that refuses': () => ({ rcode: 'REFUSED' }),
  'a name without addresses': () => ({}),
  'an alias of a name that does not exist': zone({ [NAME]: 'none.test' }),
  'an alias of itself': () => ({ answers: [{ name: NAME, type: 'CNAME', ttl: 60, data: NAME }] }),
}).map(([name, handler]) => ({
  name,
  start: named(handler),
  expected: { result: 'dns_error', requests: 0 },
}));

const SILENT: readonly Misbehaviour[] = Object.entries<DnsHandler>({
  'a name server that never answers': silence,
  'a name server whose answers have another id': onlyFour({ ...GOOD, forged: 'id' }),
  'a name server that answers another question': onlyFour({ ...GOOD, forged: 'question' }),
  'a name server that answers from another port': onlyFour({ ...GOOD, forged: 'port' }),
}).map(([name, handler]) => ({
  name,
  start: named(handler),
  expected: { result: 'dns_timeout', phase: 'dns', requests: 0 },
}));

const WORKING: readonly Misbehaviour[] = Object.entries<DnsHandler>({
  'an alias': zone({ [NAME]: 'other.test', 'other.test': ['127.0.0.1'] }),
  'an answer that is truncated, and asked for again over TCP': (query) =>
    [GOOD_ZONE(query)].flat().map((reply) => ({ ...reply, truncated: true })),
  'a forged answer before the right one': onlyFour(
    { answers: [addressRecord(NAME, '127.0.0.2')], forged: 'id' },
    GOOD,
  ),
  'no answer for IPv6': ({ type }) => (type === 'A' ? GOOD : silence()),
  'SERVFAIL for IPv6': ({ type }) => (type === 'A' ? GOOD : { rcode: 'SERVFAIL' }),
  'an IPv6 address that refuses': zone({ [NAME]: ['::1', '127.0.0.1'] }),
}).map(([name, handler]) => ({ name, start: named(handler), expected: { result: 'success', requests: 1 } }));

const PARTIAL: readonly Misbehaviour[] = [
  {
    name: 'a name server that answers late, but in time',
    start: named(onlyFour({ ...GOOD, delayMs: 1500 })),
    expected: { result: 'success', phase: 'dns', requests: 1 },
  },
  {
    name: 'a name without IPv6 address where IPv6 is demanded',
    start: named(GOOD_ZONE, { ipVersion: '6' }),
    expected: { result: 'dns_error', requests: 0 },
  },
  {
    name: 'a first address that is dead (healthy address given up after 250 ms, one address alone tried)',
    start: () => deadFirst(['127.0.0.2', '127.0.0.1']),
    expected: { result: 'success', requests: 1 },
  },
  {
    name: 'all addresses dead',
    start: () => deadFirst(['127.0.0.2']),
    expected: { result: 'connect_timeout', phase: 'connect', requests: 0 },
  },
  {
    name: 'one address dead and the other refusing',
    start: () => deadFirst(['127.0.0.2', '127.0.0.3']),
    expected: { result: ['connect_timeout', 'connect_refused'], phase: 'connect', requests: 0 },
  },
];

/** A name whose address 127.0.0.2 drops SYNs, while 127.0.0.1 is well, on the same port. */
function deadFirst(addresses: readonly string[]): ReturnType<Misbehaviour['start']> {
  return misbehaving(async (stack) => {
    const server = stack.use(await httpServer());
    stack.use(await blackhole('127.0.0.2', server.port));
    const { address } = stack.use(await dnsServer(zone({ [NAME]: addresses })));
    return {
      url: `http://${NAME}:${server.port}/`,
      overrides: { dnsServers: [address] },
      requests: () => server.requests.length,
    };
  });
}

/** Name servers that fail, are silent or lie, asked directly, and names of which not every address is well. */
export const NAMES: readonly Misbehaviour[] = [...FAILING, ...SILENT, ...WORKING, ...PARTIAL];
