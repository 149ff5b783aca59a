import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { target } from '../support/target.ts';

const DENY_LOOPBACK = { deny: ['127.0.0.0/8', '::1/128'], allow: [] };

/** Every way to write 127.0.0.1 that a URL takes. */
const SPELLINGS = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '017700000001',
  '0177.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '%31%32%37.0.0.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::1]',
  'localhost',
];

for (const host of SPELLINGS) {
  test(`address policy: ${host} is blocked, and no connection is made`, async () => {
    await using server = await httpServer();
    const result = await probe(target(`http://${host}:${server.port}/`, { addresses: DENY_LOOPBACK }));
    assert.equal(result.result, 'blocked_address', result.reason);
    assert.equal(result.statusCode, undefined);
    assert.equal(result.phases.wait, undefined);
    assert.equal(server.connections(), 0);
  });

  test(`address policy: a redirect to ${host} is blocked, and no connection is made`, async () => {
    await using server = await httpServer();
    await using start = await redirecting(`http://${host}:${server.port}/`);
    await using dns = await dnsServer(zone({ 'start.test': ['127.0.0.2'], localhost: ['127.0.0.1'] }));
    const settings = {
      dnsServers: [dns.address],
      addresses: { ...DENY_LOOPBACK, allow: ['127.0.0.2/32'] },
    };
    const result = await probe(target(`http://start.test:${start.port}/`, settings));
    assert.equal(result.result, 'blocked_address', result.reason);
    assert.deepEqual([start.requests.length, server.connections()], [1, 0]);
    assert.equal(result.redirects, 1);
  });
}

function redirecting(url: string): Promise<HttpServer> {
  // UTF-8, as servers write it.
  const location = Buffer.from(url).toString('latin1');
  return httpServer((_, response) => response.writeHead(302, { location }).end(), '127.0.0.2');
}

for (const url of [
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://0.0.0.0/',
  'http://0/',
  'http://[::]/',
  'http://[::ffff:0.0.0.0]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::]/',
]) {
  test(`address policy: ${url} is blocked by default`, async () => {
    const { result, phases } = await probe(target(url));
    assert.equal(result, 'blocked_address');
    assert.deepEqual(Object.keys(phases), ['connect']);
  });
}

test('address policy: a name is allowed or denied by what it resolves to', async () => {
  await using server = await httpServer();
  await using dns = await dnsServer(zone({ 'site.test': ['127.0.0.1'], 'cloud.test': ['169.254.169.254'] }));
  const settings = { dnsServers: [dns.address] };
  const cloud = await probe(target('http://cloud.test/', settings));
  assert.equal(cloud.result, 'blocked_address');
  assert.deepEqual(Object.keys(cloud.phases), ['dns', 'connect']);
  const site = `http://site.test:${server.port}/`;
  assert.equal((await probe(target(site, settings))).result, 'success');
  const denied = await probe(target(site, { ...settings, addresses: DENY_LOOPBACK }));
  assert.equal(denied.result, 'blocked_address');
  assert.equal(server.connections(), 1);
});

for (const order of [
  ['127.0.0.2', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.2'],
]) {
  test(`address policy: of ${order.join(' and ')} the one that is allowed is used`, async () => {
    await using server = await httpServer();
    await using denied = await httpServer(undefined, '127.0.0.2');
    await using dns = await dnsServer(zone({ 'site.test': order }));
    const settings = { dnsServers: [dns.address], addresses: { deny: ['127.0.0.2/32'], allow: [] } };
    // On the denied server's port nothing listens at 127.0.0.1, so that only the address decides.
    const refused = await probe(target(`http://site.test:${denied.port}/`, settings));
    assert.equal(refused.result, 'connect_refused');
    assert.equal(denied.connections(), 0);
    const { result } = await probe(target(`http://site.test:${server.port}/`, settings));
    assert.equal(result, 'success');
  });
}

test('address policy: an IPv6 answer that is denied gives way to an IPv4 one', async () => {
  await using server = await httpServer();
  await using dns = await dnsServer(
    zone({ 'site.test': ['::ffff:169.254.169.254', 'fe80::1', '127.0.0.1'] }),
  );
  const { result } = await probe(target(`http://site.test:${server.port}/`, { dnsServers: [dns.address] }));
  assert.equal(result, 'success');
});

test('address policy: exceptions win over what is denied', async () => {
  await using server = await httpServer();
  const addresses = { deny: ['127.0.0.0/8'], allow: ['127.0.0.1/32'] };
  assert.equal((await probe(target(server.url(), { addresses }))).result, 'success');
});

test('address policy: it is not applied to dns_servers', async () => {
  await using dns = await dnsServer(zone({ 'site.test': ['127.0.0.1'] }));
  const settings = { dnsServers: [dns.address], addresses: DENY_LOOPBACK };
  assert.equal((await probe(target('http://site.test/', settings))).result, 'blocked_address');
  assert.ok(dns.queries.length > 0);
});
