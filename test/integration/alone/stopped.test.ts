import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { attempts } from '../../support/attempts.ts';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { httpServer, ok } from '../../support/http-server.ts';
import { type Series, seriesAbout, seriesOf } from '../../support/running-app.ts';
import { until } from '../../support/until.ts';

// Longer than results are exported: 3 intervals and a timeout, 3.9 s.
const STOPPED_MS = Number(process.env.STOPPED_MS ?? 6000);
const INTERVAL_MS = 1000;
const MANY = 50;
const SETTINGS = ['--probe.interval=1s', '--probe.timeout=900ms'];
const GAUGES = ['up', 'response_ms', 'status_code'];

test(`machine: stopped for ${STOPPED_MS} ms and awake again, it exports nothing old, finds no target down and catches up with nothing`, () =>
  attempts(stopAndContinue));

async function stopAndContinue(): Promise<void> {
  const held: ServerResponse[] = [];
  const startedMs: number[] = [];
  let isHolding = false;
  await using server = await httpServer((request, response) => {
    startedMs.push(performance.now());
    if (isHolding && request.url === '/held') held.push(response);
    else ok(request, response);
  });
  const urls = ['/held', ...Array.from({ length: MANY }, (_, n) => `/${n}`)].map((path) => server.url(path));
  await using service = await exporter([...SETTINGS, ...urls]);
  await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, urls.length);
  const before = seriesOf(await service.metrics());
  isHolding = true;
  await until(() => held.length > 0, 'a probe is in flight');
  service.signal('SIGSTOP');
  await until(() => isStopped(service.pid), 'each of its threads has stopped');
  isHolding = false;
  // Its answer is there long before its deadline, and nobody takes it.
  for (const response of held) response.end('ok');
  await pause(STOPPED_MS);
  const first = service.metrics();
  const [wokenMs, wokenAtSeconds] = [performance.now(), Date.now() / 1000];
  service.signal('SIGCONT');
  toldNothingOld(urls, seriesOf(await first), wokenAtSeconds);
  const last = await untilAllUp(service, urls, before, wokenAtSeconds);
  const ofHeld = seriesAbout(server.url('/held'), last);
  assert.equal(ofHeld.get('probes_total{result="internal_error"}'), 1);
  const lag = last.get('external_url_exporter_schedule_lag_seconds') ?? 0;
  assert.ok(lag > (STOPPED_MS - INTERVAL_MS) / 1000, `a lag of ${lag} s`);
  const skipped = last.get('external_url_exporter_probes_skipped_total') ?? 0;
  const missed = (urls.length * STOPPED_MS) / INTERVAL_MS;
  assert.ok(Math.abs(skipped - missed) <= 2 * urls.length, `${skipped} skipped`);
  nothingCaughtUpWith(startedMs.filter((atMs) => atMs >= wokenMs));
  assert.match(
    service.output(),
    /probing stood still for \d+ ms: the \d+ probes in flight end as internal_error/,
  );
}

/** The signal stops a process once one of its threads runs to take it; until then the others go on. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    / T [^)]*$/.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  );
}

/** A gauge is of a probe since then, or absent. */
function toldNothingOld(urls: readonly string[], series: Series, sinceSeconds: number): void {
  for (const url of urls) {
    const about = seriesAbout(url, series);
    const exported = GAUGES.filter((name) => about.has(name));
    const probedAt = about.get('last_probe_timestamp_seconds') ?? 0;
    assert.ok(exported.length === 0 || probedAt >= sinceSeconds, `${url}: ${exported} of ${probedAt}`);
  }
}

/** Scrapes until every target is up again; at no time is one down, and none has failed. */
async function untilAllUp(
  service: Exporter,
  urls: readonly string[],
  before: Series,
  sinceSeconds: number,
): Promise<Series> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const series = seriesOf(await service.metrics());
    toldNothingOld(urls, series, sinceSeconds);
    const ups = urls.map((url) => series.get(`sample_external_url_up{url="${url}"}`));
    assert.ok(!ups.includes(0), 'one is down');
    for (const [name, value] of before) {
      if (name.includes('failures_total')) assert.equal(series.get(name), value, name);
    }
    if (ups.every((up) => up === 1)) return series;
    assert.ok(performance.now() < giveUpAt, 'not all are up again');
    await pause(20);
  }
}

/** Within the first interval each target has its one place, and these are not all at once. */
function nothingCaughtUpWith(startedMs: readonly number[]): void {
  const [firstMs = 0] = startedMs;
  const within = (ms: number, fromMs: number) =>
    startedMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + ms).length;
  assert.ok(within(INTERVAL_MS * 0.9, firstMs) <= MANY + 1, `${within(INTERVAL_MS, firstMs)} in an interval`);
  const most = Math.max(...startedMs.map((atMs) => within(100, atMs)));
  assert.ok(most < MANY / 2, `${most} within 100 ms`);
}
