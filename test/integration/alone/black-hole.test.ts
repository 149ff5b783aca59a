import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { blackhole } from '../../support/blackhole.ts';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { parseExposition } from '../../support/exposition.ts';
import { httpServer } from '../../support/http-server.ts';
import { otlpReceiver } from '../../support/otlp-receiver.ts';
import { residentBytes } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

// The promise is about 60 s; what piles up or blocks shows sooner.
const SECONDS = Number(process.env.BLACK_HOLE_SECONDS ?? 4);
const TARGETS = 40;
const SCRAPE_EVERY_MS = 100;
// What one of two processes may have more than the other without any reason but the machine's.
const NOISE = { lagSeconds: 0.25, scrapeMs: 25, probes: 0.2, bytes: 20 * 1024 * 1024 };
const STOP_WITHIN_MS = 5000;

/** What one exporter went through. */
type Course = {
  readonly scrapesMs: number[];
  /** The largest of the last minute, at each scrape. */
  readonly lagsSeconds: number[];
  /** All so far, at each scrape. */
  readonly probes: number[];
  readonly bytesBefore: number;
};

test(`push: ${SECONDS} s of a Collector that swallows all cost neither probes nor scrapes nor memory`, {
  timeout: 60_000 + SECONDS * 2000,
}, async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  await using receiver = await otlpReceiver();
  await using hole = await blackhole();
  const targets = Array.from({ length: TARGETS }, (_, place) => server.url(`/${place}`));
  const file = await folder.write('config.yml', JSON.stringify({ interval: '1s', targets }));
  const pushingTo = (endpoint: string) =>
    exporter([`--config.file=${file}`], {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    });
  // Side by side, so that whatever else the machine does hits both.
  await using heard = await pushingTo(receiver.url);
  await using unheard = await pushingTo(`http://${hole.authority}`);
  await until(() => receiver.pushes.length > 1, 'the Collector that listens was pushed to');
  await unheard.says(/pushing metrics fails/);
  const well = await newCourse(heard);
  const ill = await newCourse(unheard);
  const endMs = performance.now() + SECONDS * 1000;
  while (performance.now() < endMs) {
    await scrape(heard, well);
    await scrape(unheard, ill);
    await pause(SCRAPE_EVERY_MS);
  }
  const [more, usual] = [await residentBytes(unheard), await residentBytes(heard)];
  const grown = more - ill.bytesBefore - Math.max(0, usual - well.bytesBefore);
  assert.ok(grown < NOISE.bytes, `${grown} bytes more`);
  const [late, usuallyLate] = [ill.lagsSeconds.at(-1) ?? 0, well.lagsSeconds.at(-1) ?? 0];
  assert.ok(late < 2 * usuallyLate + NOISE.lagSeconds, `a lag of ${late} s, ${usuallyLate} s`);
  const [fewer, probes] = [rise(ill.probes), rise(well.probes)];
  assert.ok(fewer > probes * (1 - NOISE.probes), `${fewer} probes, ${probes}`);
  const [slow, fast] = [median(ill.scrapesMs), median(well.scrapesMs)];
  assert.ok(slow < fast + NOISE.scrapeMs, `scrapes of ${slow} ms, ${fast} ms`);
  assert.equal(unheard.output().match(/pushing metrics fails/g)?.length, 1, 'a fault that lasts is one line');

  const stopMs = performance.now();
  unheard.signal('SIGTERM');
  assert.equal(await unheard.end(), 0);
  const tookMs = performance.now() - stopMs;
  assert.ok(tookMs < STOP_WITHIN_MS, `${tookMs} ms to stop`);
});

async function newCourse(running: Exporter): Promise<Course> {
  return { scrapesMs: [], lagsSeconds: [], probes: [], bytesBefore: await residentBytes(running) };
}

async function scrape(running: Exporter, course: Course): Promise<void> {
  const startedMs = performance.now();
  const text = await running.metrics();
  course.scrapesMs.push(performance.now() - startedMs);
  const samples = parseExposition(text).flatMap((family) => family.samples);
  const sum = (metric: string) =>
    samples.filter(({ name }) => name === metric).reduce((total, { value }) => total + value, 0);
  course.lagsSeconds.push(sum('external_url_exporter_schedule_lag_seconds'));
  course.probes.push(sum('sample_external_url_probes_total'));
}

function rise(values: readonly number[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
