import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { blackhole } from '../support/blackhole.ts';
import { type Exporter, exporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { httpServer } from '../support/http-server.ts';
import { otlpServer } from '../support/otlp-server.ts';
import { residentBytes } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

// The promise is about 60 s; what piles up or blocks shows sooner.
const SECONDS = Number(process.env.BLACK_HOLE_SECONDS ?? 8);
const TARGETS = 200;
const SCRAPE_EVERY_MS = 250;
const STOP_WITHIN_MS = 5000;

/** What one exporter went through. */
type Course = { readonly scrapesMs: number[]; lagSeconds: number; probes: number };

test(`push: ${SECONDS} s of a Collector that swallows all cost neither probes nor scrapes nor memory`, {
  timeout: 60_000 + SECONDS * 2000,
}, async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  let pushes = 0;
  await using receiver = await otlpServer(() => {
    pushes += 1;
  });
  await using hole = await blackhole();
  const targets = Array.from({ length: TARGETS }, (_, place) => server.url(`/${place}`));
  const file = await folder.write('config.yml', JSON.stringify({ interval: '1s', targets }));
  const pushing = (authority: string) =>
    exporter([`--config.file=${file}`], {
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${authority}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    });
  // Side by side, so that what else the machine does hits both.
  await using heard = await pushing(receiver.authority);
  await using unheard = await pushing(hole.authority);
  await until(() => pushes > 1, 'the Collector that listens was pushed to');
  const courses = { heard: newCourse(), unheard: newCourse() };
  const before = { heard: await residentBytes(heard), unheard: await residentBytes(unheard) };
  const endMs = performance.now() + SECONDS * 1000;
  while (performance.now() < endMs) {
    await scrape(heard, courses.heard);
    await scrape(unheard, courses.unheard);
    await pause(SCRAPE_EVERY_MS);
  }
  console.log(
    before,
    await residentBytes(heard),
    await residentBytes(unheard),
    courses.heard.lagSeconds,
    courses.unheard.lagSeconds,
    courses.heard.probes,
    courses.unheard.probes,
    median(courses.heard.scrapesMs),
    median(courses.unheard.scrapesMs),
    Math.max(...courses.heard.scrapesMs),
    Math.max(...courses.unheard.scrapesMs),
  );
  console.log(unheard.output());
});

function newCourse(): Course {
  return { scrapesMs: [], lagSeconds: 0, probes: 0 };
}

async function scrape(running: Exporter, course: Course): Promise<void> {
  const startedMs = performance.now();
  const text = await running.metrics();
  course.scrapesMs.push(performance.now() - startedMs);
  const samples = parseExposition(text).flatMap(({ samples }) => samples);
  const sum = (wanted: string) =>
    samples.filter(({ name }) => name === wanted).reduce((total, { value }) => total + value, 0);
  course.lagSeconds = sum('external_url_exporter_schedule_lag_seconds');
  course.probes = sum('sample_external_url_probes_total');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
