import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DnsHandler, silence, zone } from '../../support/dns-reply.ts';
import { dnsServer } from '../../support/dns-server.ts';
import { exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';
import { seriesAbout, seriesOf } from '../../support/running-app.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NAMES = 20;
const SETTINGS = { interval: '2s' };

const outages: readonly [what: string, meanwhile: DnsHandler, result: string][] = [
  ['is silent', silence, 'dns_timeout'],
  ['fails', () => ({ rcode: 'SERVFAIL' }), 'dns_error'],
  ['refuses', () => ({ rcode: 'REFUSED' }), 'dns_error'],
];

for (const [what, meanwhile, result] of outages) {
  test(`machine: while the name server ${what}, names are ${result}, addresses are as ever, and all are up after that`, async () => {
    await using server = await httpServer();
    const names = Array.from({ length: NAMES }, (_, n) => `name-${n}.test`);
    const healthy = zone(Object.fromEntries(names.map((name) => [name, ['127.0.0.1']])));
    let handler = healthy;
    await using dns = await dnsServer((query) => handler(query));
    await using folder = await tempFolder();
    const urls = names.map((name) => `http://${name}:${server.port}/`);
    const targets = [server.url(), ...urls];
    const config = { ...SETTINGS, dns_servers: [dns.address], targets };
    const file = await folder.write('config.yml', JSON.stringify(config));
    await using service = await exporter([`--config.file=${file}`]);
    await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, targets.length);
    handler = meanwhile;
    const failed = new RegExp(`^sample_external_url_probes_total\\{.*result="${result}"\\} [2-9]$`);
    const during = seriesOf(await service.metricsUntil(failed, NAMES));
    for (const url of urls) assert.equal(seriesAbout(url, during).get('up'), 0);
    handler = healthy;
    const after = seriesOf(await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, targets.length));
    for (const url of urls) {
      const counts = [...seriesAbout(url, after).keys()].filter((name) => name.startsWith('probes_total'));
      assert.deepEqual(counts.sort(), [`probes_total{result="${result}"}`, 'probes_total{result="success"}']);
    }
    const byAddress = seriesAbout(server.url(), after);
    assert.equal(byAddress.get('failures_total'), 0);
    assert.ok(Number(byAddress.get('probes_total{result="success"}')) >= 4);
    assert.equal(after.get('external_url_exporter_probes_skipped_total'), 0);
  });
}
