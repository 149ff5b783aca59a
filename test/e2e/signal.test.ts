import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silence } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { exporter } from '../support/exporter.ts';
import { httpServer } from '../support/http-server.ts';
import { rawConnection } from '../support/raw-client.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const STOP_WITHIN_MS = 5000;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`signals: ${signal} ends the service with exit code 0, hanging probes or not`, async () => {
    await using server = await httpServer(() => {});
    await using service = await exporter([server.url()]);
    await until(() => server.requests.length === 1, 'the target was asked');
    service.signal(signal);
    assert.equal(await service.end(), 0);
    assert.match(service.output(), new RegExp(`"signal":"${signal}","msg":"stopping"`));
    await assert.rejects(fetch(service.url('/-/ready')));
  });
}

test('signals: a second one ends it at once with exit code 1', async () => {
  await using service = await exporter(['--demo']);
  // A request that never comes to its end holds up the first one.
  const client = await rawConnection(Number(service.authority.split(':')[1]));
  client.write('GET /metrics HTTP/1.1\r\n');
  assert.equal((await fetch(service.url('/-/healthy'))).status, 200);
  service.signal('SIGTERM');
  await service.says(/"stopping"/);
  service.signal('SIGINT');
  assert.equal(await service.end(), 1);
  client.destroy();
});

test('signals: with 50 look-ups that hang it ends within 5 s', async () => {
  await using dns = await dnsServer(silence);
  await using folder = await tempFolder();
  const targets = Array.from({ length: 50 }, (_, n) => `http://name-${n}.test/`);
  const config = { timeout: '9s', dns_servers: [dns.address], targets };
  const file = await folder.write('config.yml', JSON.stringify(config));
  await using service = await exporter([`--config.file=${file}`]);
  await until(() => new Set(dns.queries.map(({ name }) => name)).size === 50, 'all names are asked for');
  const startMs = performance.now();
  service.signal('SIGTERM');
  assert.equal(await service.end(), 0);
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < STOP_WITHIN_MS, `${tookMs} ms`);
});
