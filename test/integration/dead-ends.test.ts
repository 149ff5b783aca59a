import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { probe } from '../../src/probe/probe.ts';
import { blackhole } from '../support/blackhole.ts';
import { silence, zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { nothingLeaked, openHandles } from '../support/open-handles.ts';
import { target } from '../support/target.ts';

const NAME = 'site.test';

for (const lost of ['A', 'AAAA']) {
  test(`dead ends: an answer for ${lost} that never comes costs 50 ms where the other is there`, async () => {
    await using server = await httpServer(undefined, lost === 'A' ? '::1' : '127.0.0.1');
    const handler = zone({ [NAME]: ['127.0.0.1', '::1'] });
    await using dns = await dnsServer((query) => (query.type === lost ? silence() : handler(query)));
    const before = openHandles();
    const settings = { dnsServers: [dns.address] };
    const result = await probe(target(`http://${NAME}:${server.port}/`, settings));
    assert.equal(result.result, 'success');
    const { dns: dnsMs = Number.NaN } = result.phases;
    assert.ok(dnsMs >= 49 && dnsMs < 500, `${dnsMs}`);
    await nothingLeaked(before);
  });
}

test('dead ends: a dead first address gives way to the next, the time it cost is in connect', async () => {
  await using server = await httpServer();
  await using dead = await blackhole('127.0.0.2', server.port);
  await using dns = await dnsServer(zone({ [NAME]: ['127.0.0.2', '127.0.0.1'] }));
  const before = openHandles();
  const { result, phases } = await probe(
    target(`http://${NAME}:${dead.port}/`, { dnsServers: [dns.address] }),
  );
  assert.equal(result, 'success');
  const { connect = Number.NaN } = phases;
  assert.ok(connect >= 245 && connect < 1000, JSON.stringify(phases));
  await nothingLeaked(before);
});

test('dead ends: a dead IPv6 address gives way to an IPv4 one that is told only later', async () => {
  await using server = await httpServer();
  await using dead = await blackhole('::1', server.port);
  const handler = zone({ [NAME]: ['127.0.0.1', '::1'] });
  await using dns = await dnsServer((query) =>
    [handler(query)].flat().map((reply) => ({ ...reply, ...(query.type === 'A' && { delayMs: 150 }) })),
  );
  const { result, phases } = await probe(
    target(`http://${NAME}:${dead.port}/`, { dnsServers: [dns.address] }),
  );
  assert.equal(result, 'success');
  assert.ok((phases.connect ?? Number.NaN) < 1500, JSON.stringify(phases));
});

test('dead ends: an address that takes long to connect is not given up beside others (nodejs/node#54359)', async () => {
  await using slow = await blackhole('127.0.0.2');
  await using dns = await dnsServer(zone({ [NAME]: ['127.0.0.2', '127.0.0.1'] }));
  await using dead = await blackhole('127.0.0.1', slow.port);
  const probed = probe(target(`http://${NAME}:${dead.port}/`, { dnsServers: [dns.address] }));
  // The first SYN is lost by now; nothing tells of that.
  setTimeout(slow.open, 500);
  const { result, phases } = await probed;
  assert.equal(result, 'success');
  assert.ok((phases.connect ?? Number.NaN) > 900, JSON.stringify(phases));
});

test('dead ends: look-ups that hang delay no target that needs none (getaddrinfo starved them)', async () => {
  await using server = await httpServer();
  await using dns = await dnsServer(silence);
  const settings = { dnsServers: [dns.address] };
  const hanging = Array.from({ length: 50 }, (_, place) =>
    probe(target(`http://hanging-${place}.test/`, { ...settings, timeoutMs: 1000 })),
  );
  for (let round = 0; round < 5; round += 1) {
    const { result, responseMs = Number.NaN, phases } = await probe(target(server.url()));
    assert.equal(result, 'success');
    assert.equal(phases.dns, undefined);
    assert.ok(responseMs < 500, `${responseMs}`);
  }
  for (const { result } of await Promise.all(hanging)) assert.equal(result, 'dns_timeout');
});

test('dead ends: look-ups that hang keep no process from its end', async () => {
  await using dns = await dnsServer(silence);
  const script = `
    import { probe } from ${JSON.stringify(new URL('../../src/probe/probe.ts', import.meta.url).href)};
    import { target } from ${JSON.stringify(new URL('../support/target.ts', import.meta.url).href)};
    for (let place = 0; place < 50; place += 1) {
      void probe(target('http://hanging-' + place + '.test/', { dnsServers: ['${dns.address}'], timeoutMs: 20_000 }));
    }
    setTimeout(() => process.exit(0), 300);
  `;
  const startedMs = performance.now();
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  assert.ok(performance.now() - startedMs < 5000, `${performance.now() - startedMs} ms`);
  assert.ok(dns.queries.length >= 50, `${dns.queries.length} queries`);
});
