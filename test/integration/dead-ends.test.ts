import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blackhole } from '../support/blackhole.ts';
import { silence, zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { nothingLeaked, openHandles } from '../support/open-handles.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { program } from '../support/program.ts';
import { target } from '../support/target.ts';
import { until } from '../support/until.ts';

const NAME = 'site.test';
// After that a name server is asked again.
const RETRY_MS = 2000;

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
    assert.ok(dnsMs >= 49 && dnsMs < RETRY_MS, `${dnsMs}`);
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
  assert.ok(connect >= 245, JSON.stringify(phases));
  await nothingLeaked(before);
});

test('dead ends: a dead IPv6 address gives way to an IPv4 one that is found only later', async () => {
  await using server = await httpServer();
  await using dead = await blackhole('::1', server.port);
  const handler = zone({ [NAME]: ['127.0.0.1', '::1'] });
  await using dns = await dnsServer((query) =>
    [handler(query)].flat().map((reply) => ({ ...reply, ...(query.type === 'A' && { delayMs: 150 }) })),
  );
  const { result } = await probe(target(`http://${NAME}:${dead.port}/`, { dnsServers: [dns.address] }));
  assert.equal(result, 'success');
});

test('dead ends: an address that takes long to connect is not given up beside others (nodejs/node#54359)', async () => {
  await using slow = await blackhole('127.0.0.2');
  await using dns = await dnsServer(zone({ [NAME]: ['127.0.0.2', '127.0.0.1'] }));
  await using dead = await blackhole('127.0.0.1', slow.port);
  const probed = probe(target(`http://${NAME}:${dead.port}/`, { dnsServers: [dns.address] }));
  await until(() => dns.queries.length === 2, 'the name is asked for');
  // The first SYN is lost by now; nothing reports that.
  setTimeout(slow.open, 500);
  const { result, phases } = await probed;
  assert.equal(result, 'success');
  assert.ok((phases.connect ?? Number.NaN) > 900, JSON.stringify(phases));
});

test('dead ends: look-ups that hang delay no target that needs none (getaddrinfo starved them)', async () => {
  await using server = await httpServer();
  await using dns = await dnsServer(silence);
  const settings = { dnsServers: [dns.address] };
  let ended = 0;
  const hanging = Array.from({ length: 50 }, async (_, place) => {
    const { result } = await probeUntilVerdict(
      target(`http://hanging-${place}.test/`, { ...settings, timeoutMs: 5000 }),
    );
    ended += 1;
    return result;
  });
  for (let round = 0; round < 5; round += 1) {
    const { result, phases } = await probe(target(server.url()));
    assert.equal(result, 'success');
    assert.equal(phases.dns, undefined);
  }
  assert.equal(ended, 0, 'they hang still');
  assert.deepEqual(new Set(await Promise.all(hanging)), new Set(['dns_timeout']));
});

test('dead ends: look-ups that hang keep no process from its end', async () => {
  await using dns = await dnsServer(silence);
  const script = `
    import { probe } from ${JSON.stringify(new URL('../support/probe.ts', import.meta.url).href)};
    import { target } from ${JSON.stringify(new URL('../support/target.ts', import.meta.url).href)};
    for (let place = 0; place < 50; place += 1) {
      void probe(target('http://hanging-' + place + '.test/', { dnsServers: ['${dns.address}'], timeoutMs: 600_000 }));
    }
    process.once('SIGTERM', () => process.exit(0));
  `;
  await using running = program(process.execPath, ['--input-type=module', '--eval', script]);
  await until(() => dns.queries.length >= 50, 'all names are asked for');
  running.signal('SIGTERM');
  assert.equal(await running.end(), 0);
});
