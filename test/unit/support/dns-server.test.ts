import assert from 'node:assert/strict';
import { promises as dns } from 'node:dns';
import test from 'node:test';
import { type DnsHandler, type Reply, silence, zone } from '../../support/dns-reply.ts';
import { type DnsServer, dnsServer } from '../../support/dns-server.ts';

function resolverOf({ address }: DnsServer): dns.Resolver {
  const resolver = new dns.Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([address]);
  return resolver;
}

const good: Reply = { answers: [{ name: 'a.test', type: 'A', ttl: 1, data: '192.0.2.1' }] };

test('dns server: answers from a zone, aliases included', async () => {
  await using server = await dnsServer(
    zone({ 'a.test': ['192.0.2.1', '2001:db8::1'], 'alias.test': 'a.test', 'empty.test': [] }),
  );
  const resolver = resolverOf(server);
  assert.deepEqual(await resolver.resolve4('a.test'), ['192.0.2.1']);
  assert.deepEqual(await resolver.resolve6('alias.test'), ['2001:db8::1']);
  await assert.rejects(resolver.resolve4('none.test'), { code: 'ENOTFOUND' });
  await assert.rejects(resolver.resolve4('empty.test'), { code: 'ENODATA' });
  assert.deepEqual(
    server.queries.map(({ type, transport }) => `${type} ${transport}`),
    ['A udp', 'AAAA udp', 'A udp', 'A udp'],
  );
});

test('dns server: is asked again over TCP after a truncated answer', async () => {
  await using server = await dnsServer(() => ({ ...good, truncated: true }));
  assert.deepEqual(await resolverOf(server).resolve4('a.test'), ['192.0.2.1']);
  assert.deepEqual(
    server.queries.map(({ transport }) => transport),
    ['udp', 'tcp'],
  );
});

test('dns server: answers one type late and another not at all', async () => {
  await using server = await dnsServer(({ type }) => (type === 'A' ? { ...good, delayMs: 50 } : silence()));
  const resolver = resolverOf(server);
  const startedAt = performance.now();
  assert.deepEqual(await resolver.resolve4('a.test'), ['192.0.2.1']);
  assert.ok(performance.now() - startedAt >= 49);
  await assert.rejects(resolver.resolve6('a.test'), { code: 'ETIMEOUT' });
});

const failures: readonly { name: string; handler: DnsHandler; code: string }[] = [
  { name: 'SERVFAIL', handler: () => ({ rcode: 'SERVFAIL' }), code: 'ESERVFAIL' },
  { name: 'REFUSED', handler: () => ({ rcode: 'REFUSED' }), code: 'EREFUSED' },
  { name: 'silence', handler: silence, code: 'ETIMEOUT' },
  { name: 'an answer with a wrong id', handler: () => ({ ...good, forged: 'id' }), code: 'ETIMEOUT' },
  {
    name: 'an answer to another question',
    handler: () => ({ ...good, forged: 'question' }),
    code: 'ETIMEOUT',
  },
  { name: 'an answer from another port', handler: () => ({ ...good, forged: 'port' }), code: 'ETIMEOUT' },
];

for (const { name, handler, code } of failures) {
  test(`dns server: a resolver takes ${name} for ${code}`, async () => {
    await using server = await dnsServer(handler);
    await assert.rejects(resolverOf(server).resolve4('a.test'), { code });
    assert.ok(server.queries.length > 0);
  });
}

test('dns server: sends a forged answer before the right one', async () => {
  await using server = await dnsServer(() => [
    { answers: [{ name: 'a.test', type: 'A', ttl: 1, data: '203.0.113.9' }], forged: 'id' },
    good,
  ]);
  assert.deepEqual(await resolverOf(server).resolve4('a.test'), ['192.0.2.1']);
});
