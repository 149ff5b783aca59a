import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ResultName } from '../../src/probe/result.ts';
import { addressRecord, type DnsHandler, type Query, silence, zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { type Overrides, target } from '../support/target.ts';

const NAME = 'site.test';
const GOOD = zone({ [NAME]: ['127.0.0.1'] });

/** Probes a healthy server of 127.0.0.1 under a name that one name server is asked for. */
async function named(handler: DnsHandler, overrides: Overrides = {}, name = NAME) {
  await using server = await httpServer();
  await using dns = await dnsServer(handler);
  const settings = { dnsServers: [dns.address], ...overrides };
  const result = await probeUntilVerdict(target(`http://${name}:${server.port}/`, settings));
  const asked = dns.queries.map(
    ({ name: asked, type, transport }) => `${asked.toLowerCase()} ${type} ${transport}`,
  );
  return { ...result, asked: asked.sort(), requests: server.requests };
}

/** Answers questions of one type so, and others that there is no such record. */
function only(type: Query['type'], handler: DnsHandler): DnsHandler {
  return (query) => (query.type === type ? handler(query) : {});
}

test('dns: dns_servers are asked for A and AAAA at once, and nobody else', async () => {
  const { result, asked, phases } = await named(GOOD);
  assert.equal(result, 'success');
  assert.deepEqual(asked, [`${NAME} A udp`, `${NAME} AAAA udp`]);
  assert.deepEqual(Object.keys(phases), ['dns', 'connect', 'wait', 'transfer']);
});

const families: [
  ipVersion: '4' | '6' | 'auto',
  addresses: readonly string[],
  asked: readonly string[],
  expected: ResultName,
][] = [
  ['4', ['127.0.0.1', '::1'], ['A'], 'success'],
  ['6', ['127.0.0.1', '::1'], ['AAAA'], 'connect_refused'],
  ['6', ['127.0.0.1'], ['AAAA'], 'dns_error'],
  ['4', ['::1'], ['A'], 'dns_error'],
  ['auto', ['127.0.0.1', '::1'], ['A', 'AAAA'], 'success'],
];

for (const [ipVersion, addresses, types, expected] of families) {
  test(`dns: ip_version ${ipVersion} of ${addresses.join(', ')} is ${expected}, and asks for ${types.join(' and ')}`, async () => {
    const { result, asked } = await named(zone({ [NAME]: addresses }), { ipVersion });
    assert.equal(result, expected);
    assert.deepEqual(
      asked,
      types.map((type) => `${NAME} ${type} udp`),
    );
  });
}

test('dns: ip_version holds for addresses of the hosts file too', async () => {
  await using server = await httpServer();
  const url = `http://localhost:${server.port}/`;
  assert.equal((await probe(target(url, { ipVersion: '4' }))).result, 'success');
  const { result, reason } = await probe(target(url, { ipVersion: '6' }));
  // It depends on the machine whether the file has an IPv6 address of localhost.
  assert.ok(['dns_error', 'connect_refused'].includes(result), reason);
  assert.equal(server.connections(), 1);
});

test('dns: an alias is followed, a truncated answer is asked for again over TCP', async () => {
  const aliased = await named(zone({ [NAME]: 'a.test', 'a.test': 'b.test', 'b.test': ['127.0.0.1'] }));
  assert.equal(aliased.result, 'success');
  const truncated = await named(only('A', (query) => [{ ...[GOOD(query)].flat()[0], truncated: true }]));
  assert.equal(truncated.result, 'success');
  assert.ok(truncated.asked.includes(`${NAME} A tcp`), truncated.asked.join());
});

for (const forged of ['id', 'question', 'port'] as const) {
  test(`dns: an answer that is forged (${forged}) is not believed`, async () => {
    const handler = only('A', (query) => {
      const lie = { answers: [addressRecord(query.name, '127.0.0.2')], forged };
      return [lie, ...[GOOD(query)].flat()];
    });
    assert.equal((await named(handler)).result, 'success');
  });
}

test('dns: with dns_servers neither search list nor hosts file is used', async () => {
  for (const name of ['site', 'localhost']) {
    const { result, asked } = await named(() => ({ rcode: 'NXDOMAIN' }), {}, name);
    assert.equal(result, 'dns_error');
    assert.deepEqual(asked, [`${name} A udp`, `${name} AAAA udp`]);
  }
});

const failures: [what: string, handler: DnsHandler, expected: ResultName][] = [
  ['NXDOMAIN', () => ({ rcode: 'NXDOMAIN' }), 'dns_error'],
  ['SERVFAIL', () => ({ rcode: 'SERVFAIL' }), 'dns_error'],
  ['REFUSED', () => ({ rcode: 'REFUSED' }), 'dns_error'],
  ['no address', () => ({}), 'dns_error'],
  ['no answer', silence, 'dns_timeout'],
  ['no answer for A, no address for AAAA', ({ type }) => (type === 'A' ? [] : {}), 'dns_timeout'],
];

describe('dns, failures', { concurrency: true }, () => {
  for (const [what, handler, expected] of failures) {
    test(`dns: ${what} is ${expected}, all of its time in the phase dns`, async () => {
      const { result, responseMs, phases, requests } = await named(handler, { timeoutMs: 2000 });
      assert.equal(result, expected);
      assert.deepEqual(phases, { dns: responseMs });
      assert.equal(requests.length, 0);
    });
  }
});
