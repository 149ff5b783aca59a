import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempts } from '../../support/attempts.ts';
import { httpServer } from '../../support/http-server.ts';
import { type Series, startApp } from '../../support/running-app.ts';
import { target } from '../../support/target.ts';

const HALF = 250;
const EVERY_SECOND = { intervalMs: 1000, timeoutMs: 900 };
const SECONDS = 3;

test('load: of 500 targets a second, those beside 250 hanging ones are probed once a second each', () =>
  attempts(probeHalfHanging));

async function probeHalfHanging(): Promise<void> {
  await using answers = await httpServer();
  await using hangs = await httpServer(() => {});
  const urls = Array.from({ length: HALF }, (_, n) => answers.url(`/${n}`));
  const hanging = Array.from({ length: HALF }, (_, n) => hangs.url(`/${n}`));
  await using run = await startApp([...urls, ...hanging].map((url) => target(url, EVERY_SECOND)));
  const counts = (series: Series) =>
    urls.map((url) => series.get(`sample_external_url_probes_total{url="${url}",result="success"}`) ?? 0);
  const least = (series: Series) => Math.min(...counts(series));
  // From the second probe on each has its fixed place.
  const first = await run.scrapeUntil((series) => least(series) >= 2, 'each was probed twice', 1000);
  const startMs = performance.now();
  const before = counts(first);
  const enough = (series: Series) => counts(series).every((count, n) => count >= (before[n] ?? 0) + SECONDS);
  const last = await run.scrapeUntil(enough, `each was probed ${SECONDS} times more`, 1000);
  const seconds = (performance.now() - startMs) / 1000;
  for (const [n, count] of counts(last).entries()) {
    const more = count - (before[n] ?? 0);
    assert.ok(Math.abs(more - seconds) <= 1.2, `${urls[n]}: ${more} probes in ${seconds} s`);
  }
  const lag = last.get('external_url_exporter_schedule_lag_seconds') ?? 1;
  assert.ok(lag < 0.1, `a lag of ${lag} s`);
  assert.equal(last.get('external_url_exporter_probes_skipped_total'), 0);
  for (const url of hanging) {
    assert.equal(last.get(`sample_external_url_up{url="${url}"}`), 0);
    assert.equal(last.get(`sample_external_url_result{url="${url}",result="response_timeout"}`), 1);
  }
  for (const url of urls) assert.equal(last.get(`sample_external_url_failures_total{url="${url}"}`), 0);
}
