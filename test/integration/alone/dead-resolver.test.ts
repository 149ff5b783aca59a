import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempts } from '../../support/attempts.ts';
import { silence } from '../../support/dns-reply.ts';
import { dnsServer } from '../../support/dns-server.ts';
import { httpServer, ok } from '../../support/http-server.ts';
import { startApp } from '../../support/running-app.ts';
import { target } from '../../support/target.ts';

const ADDRESSES = 200;
const NAMES = 50;
const ROUNDS = 3;
const MOST_LAG_SECONDS = 0.1;

test('load: with the resolver dead, 200 targets given as addresses keep their schedule and have no dns phase', () =>
  attempts(probeBesideDeadNames));

async function probeBesideDeadNames(): Promise<void> {
  await using dns = await dnsServer(silence);
  await using server = await httpServer(ok);
  const byAddress = Array.from({ length: ADDRESSES }, (_, index) =>
    target(server.url(`/${index}`), { intervalMs: 1000, timeoutMs: 900 }),
  );
  const byName = Array.from({ length: NAMES }, (_, index) =>
    target(`http://name-${index}.test/`, { intervalMs: 1000, timeoutMs: 900, dnsServers: [dns.address] }),
  );
  await using app = await startApp([...byAddress, ...byName]);
  const probes = (url: string) => `sample_external_url_probes_total{url="${url}",result="success"}`;
  const series = await app.scrapeUntil(
    (scraped) => byAddress.every(({ url }) => (scraped.get(probes(url)) ?? 0) > ROUNDS),
    'every address had some rounds',
    100,
  );
  const lag = series.get('external_url_exporter_schedule_lag_seconds') ?? Infinity;
  assert.ok(lag < MOST_LAG_SECONDS, `a lag of ${lag} s`);
  assert.equal(series.get('external_url_exporter_probes_skipped_total'), 0);
  for (const { url } of byAddress) {
    assert.equal(series.get(`sample_external_url_up{url="${url}"}`), 1);
    assert.equal(series.has(`sample_external_url_phase_ms{url="${url}",phase="dns"}`), false);
  }
  for (const { url } of byName) {
    assert.equal(series.get(`sample_external_url_result{url="${url}",result="dns_timeout"}`), 1);
  }
}
