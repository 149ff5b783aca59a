import { setTimeout as pause } from 'node:timers/promises';
import { tempFolder } from '../support/temp-folder.ts';
import { INTERVAL_S } from './contender.ts';
import { type Exporter, seriesValue, startExporter } from './exporter.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds, memoryMb, watchMachine } from './proc.ts';
import type { Report } from './report.ts';
import { say } from './say.ts';
import { quantile } from './statistics.ts';
import { type Served, targetServer } from './target-server.ts';
import { pushingTo } from './truth-run.ts';

/** What a scrape reported of the exporter itself. */
type Reading = { readonly lagMs: number; readonly skipped: number; readonly rssMb: number };

const TARGETS = 10_000;
const SCRAPE_EVERY_MS = 5000;
// The largest lag is that of the last minute, and the start, its first round of 10 s and more, is not to be in it.
const FORGET_START_S = 90;

/** Ten thousand targets at 10 s from one process that is scraped and pushes. */
export async function tenThousand({ main, seconds = 120 }: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using sinkFolder = await tempFolder();
  await using target = await targetServer(folder);
  await using sink = await targetServer(sinkFolder);
  await using exporter = await startExporter({
    urls: target.urls('http', TARGETS, '/slow'),
    interval: `${INTERVAL_S}s`,
    folder,
    main,
    env: pushingTo(sink),
  });
  say(`ten-thousand: running for ${FORGET_START_S + seconds} s`);
  await readings(exporter, FORGET_START_S);
  await target.served();
  const load = watchMachine();
  const [cpuS, { pushes }] = [cpuSeconds(exporter.pid), await sink.counts()];
  const read = await readings(exporter, seconds);
  const coresUsed = (cpuSeconds(exporter.pid) - cpuS) / seconds;
  const machineIdle = load().idle;
  const lateMs = latenessOf(await target.served());
  const lagMs = Math.max(...read.map((reading) => reading.lagMs));
  const rssMb = Math.max(...read.map((reading) => reading.rssMb));
  const skipped = read.at(-1)?.skipped ?? Number.NaN;
  return {
    title: `${TARGETS} targets at ${INTERVAL_S} s, scraped every 5 s, pushing OTLP every 10 s, for ${seconds} s`,
    rows: [
      {
        'probes /s': lateMs.length / seconds,
        'largest lag ms': lagMs,
        'late p50 ms': quantile(lateMs, 0.5),
        'late p99 ms': quantile(lateMs, 0.99),
        skipped,
        'RSS MB': rssMb,
        'peak MB': memoryMb(exporter.pid).peak,
        'cores used': coresUsed,
        'push requests': (await sink.counts()).pushes - pushes,
        'machine idle': machineIdle,
      },
    ],
    figures: { 'schedule lag ms': lagMs, 'late p99 ms': quantile(lateMs, 0.99), skipped, 'RSS MB': rssMb },
    notes: [
      'largest lag: the most that schedule_lag_seconds had in any scrape (each is the largest of a minute), stricter than a p99',
      'late: as the server saw it, by how much a request came later in its interval than the earliest of the same target; connecting is in it',
    ],
    details: read,
  };
}

/** Scrapes for so many seconds, and reads what the exporter reports of itself. */
async function readings(exporter: Exporter, seconds: number): Promise<readonly Reading[]> {
  const read: Reading[] = [];
  const endsMs = performance.now() + seconds * 1000;
  while (performance.now() < endsMs) {
    const nextMs = performance.now() + SCRAPE_EVERY_MS;
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    read.push({
      lagMs: seriesValue(text, 'external_url_exporter_schedule_lag_seconds') * 1000,
      skipped: seriesValue(text, 'external_url_exporter_probes_skipped_total'),
      rssMb: memoryMb(exporter.pid).now,
    });
    await pause(Math.max(0, nextMs - performance.now()));
  }
  return read;
}

function latenessOf(served: Served): readonly number[] {
  const intervalMs = INTERVAL_S * 1000;
  return Object.values(served).flatMap((answers) => {
    const arrivals = answers.map(([atMs, tookMs]) => atMs - tookMs);
    const [first = 0] = arrivals;
    const offsets = arrivals.map(
      (arrival) => arrival - first - Math.round((arrival - first) / intervalMs) * intervalMs,
    );
    const earliest = Math.min(...offsets);
    return offsets.map((offset) => offset - earliest);
  });
}
