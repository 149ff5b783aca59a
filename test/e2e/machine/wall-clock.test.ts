import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { attempts } from '../../support/attempts.ts';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';
import { needsFaketime, wallClockOf } from '../../support/machine.ts';
import { type OtlpReceiver, otlpReceiver } from '../../support/otlp-receiver.ts';
import { type Series, seriesAbout, seriesOf } from '../../support/running-app.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const INTERVAL_MS = 1000;
const JITTER_MS = 400;
// So long that some probe is under way whenever the clock is set.
const ANSWER_MS = 400;
const DAY_SECONDS = 86_400;
// Seconds, forward and back, as far as before the start; half an interval shows what goes by the wall clock.
const CLOCKS = ['+86400.5', '+0', '-86400.5', '+10800.5', '+0'];
const CONFIG = { interval: '1s', timeout: '900ms', histogram_buckets_ms: [100, 1000] };

test(
  'machine: a wall clock that is set forward and back moves no probe, and hides and bends no result',
  needsFaketime(),
  () => attempts(setTheClock),
);

async function setTheClock(): Promise<void> {
  const startedMs = new Map<string, number[]>();
  await using server = await httpServer(({ url }, response) => {
    startedMs.set(url, [...(startedMs.get(url) ?? []), performance.now()]);
    setTimeout(() => response.end('ok'), ANSWER_MS);
  });
  await using collector = await otlpReceiver();
  await using folder = await tempFolder();
  const urls = Array.from({ length: 20 }, (_, n) => server.url(`/${n}`));
  const config = await folder.write('config.yml', JSON.stringify({ ...CONFIG, targets: urls }));
  const clock = await folder.write('clock', '+0');
  await using service = await exporter([`--config.file=${config}`], {
    ...wallClockOf(clock),
    OTEL_METRICS_EXPORTER: 'prometheus,otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    OTEL_METRIC_EXPORT_TIMEOUT: '200',
  });
  await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, urls.length);
  for (const time of CLOCKS) {
    await rename(await folder.write('clock.new', time), clock);
    await untilProbedTwice(service, urls);
  }
  const last = seriesOf(await service.metrics());
  assert.equal(last.get('external_url_exporter_probes_skipped_total'), 0);
  for (const url of urls) assert.equal(seriesAbout(url, last).get('failures_total'), 0);
  for (const starts of startedMs.values()) keptPlaces(starts);
  await timesArePossible(collector);
}

/** Scrapes until every target has two more results; each scrape has all of them, none of them bent. */
async function untilProbedTwice(service: Exporter, urls: readonly string[]): Promise<void> {
  const probes = (series: Series) =>
    urls.map((url) => seriesAbout(url, series).get('probes_total{result="success"}') ?? 0);
  const before = probes(seriesOf(await service.metrics()));
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const series = seriesOf(await service.metrics());
    for (const url of urls) {
      const about = seriesAbout(url, series);
      assert.equal(about.get('up'), 1, url);
      const responseMs = about.get('response_ms') ?? 0;
      assert.ok(responseMs >= ANSWER_MS - 1 && responseMs < INTERVAL_MS, `${responseMs} ms`);
    }
    if (probes(series).every((count, n) => count >= (before[n] ?? 0) + 2)) return;
    assert.ok(performance.now() < giveUpAt, 'not all are probed any more');
    await pause(20);
  }
}

/** From the second on the probes of a target are an interval apart. */
function keptPlaces([, ...startedMs]: readonly number[]): void {
  const [firstMs = 0] = startedMs;
  const apartMs = startedMs.map((atMs, n) => atMs - firstMs - n * INTERVAL_MS);
  assert.ok(startedMs.length > 2 * CLOCKS.length - 2, `${startedMs.length} probes`);
  assert.ok(Math.max(...apartMs.map(Math.abs)) < JITTER_MS, `off by ${apartMs.map(Math.round)} ms`);
}

/** What was pushed has no start after its end, and a start that is never put later. */
async function timesArePossible(collector: OtlpReceiver): Promise<void> {
  const known = collector.pushes.length;
  await until(() => collector.pushes.length > known, 'it pushes still');
  const starts = new Map<string, number>();
  const points = collector.pushes.flatMap((push) => push.points);
  for (const { lines, startMs, endMs } of points) {
    const [name = ''] = (lines[0] ?? '').split(' ');
    if (startMs === undefined) continue;
    assert.ok(startMs <= endMs, `${name} begins ${startMs - endMs} ms after its end`);
    if (!/_(total|bucket)\b/.test(name)) continue;
    assert.ok(startMs <= (starts.get(name) ?? Number.POSITIVE_INFINITY), `${name} begins later`);
    starts.set(name, startMs);
  }
  const endsMs = points.map(({ endMs }) => endMs);
  assert.ok(Math.max(...endsMs) - Math.min(...endsMs) > 1.9 * DAY_SECONDS * 1000, 'the clock was set');
  assert.ok(starts.size > 0);
}
