import { setTimeout as pause } from 'node:timers/promises';
import { tempFolder } from '../support/temp-folder.ts';
import { startExporter, untilReady } from './exporter.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds, memoryMb, watchMachine } from './proc.ts';
import type { Report } from './report.ts';
import { say } from './say.ts';
import { scrape } from './scraper.ts';
import { median } from './statistics.ts';
import { type Surroundings, targetServer } from './target-server.ts';

/** What so many targets cost. */
type Cost = Awaited<ReturnType<typeof measure>>;

// The rate of 50,000 targets at 60 s, for any number of targets: what differs is their number alone.
const PROBES_PER_S = 50_000 / 60;
const SCRAPES = 3;

/** Whether cost and memory grow with the targets as they should: at one rate of probes, more and more targets. */
export async function growth(options: BenchOptions): Promise<Report> {
  const { sizes = [1000, 10_000, 50_000] } = options;
  await using folder = await tempFolder();
  await using target = await targetServer(folder);
  const costs: Cost[] = [];
  for (const size of sizes) {
    const cost = await measure(size, options, { target, folder });
    say(`growth: ${size} targets: ${Math.round(cost['us per probe'])} us`);
    costs.push(cost);
  }
  const [least, most] = [costs[0], costs.at(-1)];
  return {
    title: `targets at one rate of ${Math.round(PROBES_PER_S)} probes/s, plain http`,
    rows: costs,
    figures: least === undefined || most === undefined || least === most ? {} : figuresOf(least, most),
    notes: [
      'CPU per probe: over 60 s without scrapes, warm; a scrape costs by the target, and stands in a column of its own',
      `RSS: after ${SCRAPES} scrapes, the largest of three readings`,
    ],
    details: costs,
  };
}

async function measure(
  targets: number,
  { main, warmS, seconds = 60 }: BenchOptions,
  { target, folder }: Surroundings,
) {
  const intervalMs = Math.round((targets / PROBES_PER_S) * 1000);
  const urls = target.urls('http', targets);
  await using exporter = await startExporter({ urls, interval: `${intervalMs}ms`, folder, main });
  await untilReady(exporter);
  await pause(warmS * 1000);
  const load = watchMachine();
  const [cpuS, { requests }] = [cpuSeconds(exporter.pid), await target.counts()];
  await pause(seconds * 1000);
  const spentS = cpuSeconds(exporter.pid) - cpuS;
  const probes = (await target.counts()).requests - requests;
  const machineIdle = load().idle;
  const scraped = await scrapes(exporter.url, exporter.pid, spentS / seconds);
  return {
    targets,
    'us per probe': (spentS / probes) * 1e6,
    'probes /s': probes / seconds,
    'RSS MB': scraped.rssMb,
    'peak MB': memoryMb(exporter.pid).peak,
    'CPU ms per scrape': scraped.cpuMs,
    'us per target scraped': (scraped.cpuMs / targets) * 1000,
    'machine idle': machineIdle,
  };
}

// What the probes cost meanwhile, as many cores as without scrapes, is not counted.
async function scrapes(url: string, pid: number, coresUsed: number) {
  const cpuMs: number[] = [];
  const rssMb: number[] = [];
  for (let count = 0; count < SCRAPES; count++) {
    const before = cpuSeconds(pid);
    const { tookMs } = await scrape(`${url}/metrics`, true, undefined);
    cpuMs.push((cpuSeconds(pid) - before) * 1000 - coresUsed * tookMs);
    await pause(2000);
    rssMb.push(memoryMb(pid).now);
  }
  return { cpuMs: median(cpuMs), rssMb: Math.max(...rssMb) };
}

function figuresOf(least: Cost, most: Cost): Record<string, number> {
  const name = `CPU per probe of ${most.targets} to ${least.targets} targets`;
  const kilobytes = ((most['RSS MB'] - least['RSS MB']) * 1000) / (most.targets - least.targets);
  return { [name]: most['us per probe'] / least['us per probe'], 'memory per target KB': kilobytes };
}
