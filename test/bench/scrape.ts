import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { TempFolder } from '../support/temp-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Exporter, ownMetric, startExporter, untilReady } from './exporter.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds } from './proc.ts';
import type { Report } from './report.ts';
import { say } from './say.ts';
import { type Scrape, scrape as scrapeOnce } from './scraper.ts';
import { median, quantile } from './statistics.ts';
import { type TargetServer, targetServer } from './target-server.ts';

/** What scrapes of so many targets cost. */
type Cost = Awaited<ReturnType<typeof measure>>;

const SCRAPES = 15;
const AT_ONCE = 20;
// The largest delay of the loop is that of the last minute, and the start is not to be in it.
const FORGET_START_MS = 61_000;

/** What a scrape takes at its client, by the number of targets, alone and many at once. */
export async function scrape({ sizes = [100, 1000, 10_000], main }: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using target = await targetServer(folder);
  const costs: Cost[] = [];
  for (const size of sizes) {
    const cost = await measure(size, target, folder, main);
    say(`scrape: ${size} targets: ${Math.round(cost['plain ms'])} ms`);
    costs.push(cost);
  }
  const last = costs.at(-1);
  return {
    title: 'time of a scrape at its client',
    rows: costs,
    figures: {
      ...Object.fromEntries(
        costs.map((cost) => [`${cost.targets} targets ms`, Math.max(cost['plain ms'], cost['gzip ms'])]),
      ),
      ...(last !== undefined && { [`collections for ${AT_ONCE} scrapers at once`]: last.collections }),
    },
    notes: [
      `medians of ${SCRAPES} scrapes one after the other over a kept connection; hardly any probes meanwhile`,
      `collections: different bodies that ${AT_ONCE} scrapers at once were given; each collection has another CPU time`,
      'longest block: the largest delay of the main loop in the minute of these scrapes, as the exporter itself reports it',
    ],
    details: costs,
  };
}

async function measure(targets: number, target: TargetServer, folder: TempFolder, main: string) {
  const urls = target.urls('http', targets);
  await using exporter = await startExporter({ urls, interval: '5m', folder, main });
  await untilReady(exporter);
  await pause(FORGET_START_MS);
  const url = `${exporter.url}/metrics`;
  // The first ones compile what the later ones run.
  await oneByOne(url, false);
  const plain = await oneByOne(url, false);
  const gzip = await oneByOne(url, true);
  const before = cpuSeconds(exporter.pid);
  await oneByOne(url, false);
  const cpuMs = ((cpuSeconds(exporter.pid) - before) / SCRAPES) * 1000;
  const together = await atOnce(exporter);
  const tooks = (scrapes: readonly Scrape[]) => scrapes.map(({ tookMs }) => tookMs);
  return {
    targets,
    'plain ms': median(tooks(plain)),
    'plain p90 ms': quantile(tooks(plain), 0.9),
    'gzip ms': median(tooks(gzip)),
    'CPU ms': cpuMs,
    'plain MB': (plain[0]?.bytes ?? 0) / 1e6,
    'gzip MB': (gzip[0]?.bytes ?? 0) / 1e6,
    ...together,
    'longest block ms': (await ownMetric(exporter, MAIN_LOOP_DELAY)) * 1000,
  };
}

const MAIN_LOOP_DELAY = 'external_url_exporter_event_loop_delay_seconds\\{thread="main"\\}';

async function oneByOne(url: string, gzip: boolean): Promise<readonly Scrape[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const scrapes: Scrape[] = [];
  for (let count = 0; count < SCRAPES; count++) scrapes.push(await scrapeOnce(url, gzip, agent));
  agent.destroy();
  return scrapes;
}

async function atOnce({ url }: Exporter) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  // Connections are made before it counts.
  await Promise.all(Array.from({ length: AT_ONCE }, () => body(`${url}/-/healthy`, agent)));
  const began = performance.now();
  const bodies = await Promise.all(Array.from({ length: AT_ONCE }, () => body(`${url}/metrics`, agent)));
  const tookMs = performance.now() - began;
  agent.destroy();
  return { [`${AT_ONCE} at once ms`]: tookMs, collections: new Set(bodies).size };
}

function body(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => text(response).then(resolve, reject)).on('error', reject);
  });
}
