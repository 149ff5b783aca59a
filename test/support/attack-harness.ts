import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Exporter, exporter } from './exporter.ts';
import { parseExposition } from './exposition.ts';
import { httpServer } from './http-server.ts';
import { residentBytes } from './program.ts';
import { type Series, seriesAbout, seriesOf } from './running-app.ts';
import { tempFolder } from './temp-folder.ts';
import { untilAnswer } from './until.ts';

/** What somebody does to the port of the exporter. */
export type Attack = (port: number) => Promise<void>;

/** The exporter as a program of its own, with targets whose results are known. */
export type AttackHarness = AsyncDisposable & {
  readonly exporter: Exporter;
  /** Runs an attack and scrapes meanwhile; throws if results, schedule, scrapes or memory suffer. */
  run(attack: Attack): Promise<AttackFigures>;
};

export type AttackFigures = {
  readonly growthBytes: number;
  readonly slowestScrapeMs: number;
  readonly lagSeconds: number;
  readonly scrapes: number;
  readonly probes: number;
};

// Generous for a machine that is busy: without any bound each would be passed many times over.
const MOST = { growthBytes: 128 * 1024 ** 2, slowestScrapeMs: 8000, lagSeconds: 0.5 } as const;
// What anyone can repeat at will must not fill the log.
const MOST_LOG_LINES = 5;
const EVERY_MS = 100;
const INTERVAL_MS = 500;
const PATHS = ['/200/a', '/200/b', '/200/c', '/200/d', '/503/a', '/503/b', '/hang/a', '/hang/b'];
const RESULTS = { 200: 'success', 503: 'unexpected_status', hang: 'response_timeout' };

/** Starts the exporter with further flags; scrapes send these headers. */
export async function attackHarness(
  flags: readonly string[] = [],
  headers: Readonly<Record<string, string>> = {},
): Promise<AttackHarness> {
  await using started = new AsyncDisposableStack();
  const targets = started.use(
    await httpServer(({ url }, response) => {
      if (!url.startsWith('/hang')) response.writeHead(Number(url.slice(1, 4))).end('ok');
    }),
  );
  const folder = started.use(await tempFolder());
  const urls = PATHS.map((path) => targets.url(path));
  const lines = [
    `interval: ${INTERVAL_MS}ms`,
    'timeout: 450ms',
    'targets:',
    ...urls.map((url) => `- ${url}`),
  ];
  const config = await folder.write('config.yml', lines.join('\n'));
  const attacked = started.use(await exporter([`--config.file=${config}`, ...flags]));
  const scrape = () => scrapeOnce(attacked, headers);
  const areProbed = (series: Series) => urls.every((url) => probesOf([url], series) >= 3);
  await untilAnswer(scrape, areProbed, 'every target was probed three times', { everyMs: EVERY_MS });
  const all = started.move();
  return {
    exporter: attacked,
    run: (attack) => runAttack(attack, { attacked, urls, scrape }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

type Attacked = {
  readonly attacked: Exporter;
  readonly urls: readonly string[];
  readonly scrape: () => Promise<Series>;
};

async function runAttack(attack: Attack, { attacked, urls, scrape }: Attacked): Promise<AttackFigures> {
  const probesBefore = probesOf(urls, await scrape());
  const bytesBefore = await residentBytes(attacked);
  const filesBefore = await mostOpenFiles(attacked);
  const outputBefore = attacked.output().length;
  const beganMs = performance.now();
  const ending = attack(Number(attacked.authority.split(':')[1]));
  // Both to their ends, so that nothing of an attack is left to the next attempt.
  const [, watched] = await Promise.allSettled([ending, watch({ attacked, urls, scrape }, ending)]);
  if (watched.status === 'rejected') throw watched.reason;
  await ending;
  const due = Math.floor((urls.length * (performance.now() - beganMs - INTERVAL_MS)) / INTERVAL_MS);
  const fewFiles = (files: number) => files <= filesBefore;
  await untilAnswer(() => openFiles(attacked), fewFiles, `at most ${filesBefore} files are open`);
  const after = await scrape();
  assertResults(urls, after);
  assert.equal(after.get('external_url_exporter_probes_skipped_total'), 0);
  const { peakBytes, slowestScrapeMs, scrapes } = watched.value;
  const figures: AttackFigures = {
    growthBytes: peakBytes - bytesBefore,
    slowestScrapeMs,
    lagSeconds: after.get('external_url_exporter_schedule_lag_seconds') ?? Number.NaN,
    scrapes,
    probes: probesOf(urls, after) - probesBefore,
  };
  for (const key of ['growthBytes', 'slowestScrapeMs', 'lagSeconds'] as const) {
    assert.ok(figures[key] <= MOST[key], `${key}: ${figures[key]}, at most ${MOST[key]}`);
  }
  assert.ok(figures.probes >= due - urls.length, `${figures.probes} probes, ${due} were due`);
  const logged = attacked.output().slice(outputBefore);
  assert.ok(logged.split('\n').length <= MOST_LOG_LINES + 1, `it logged:\n${logged.slice(0, 5000)}`);
  return figures;
}

/** Scrapes for as long as the attack lasts. */
async function watch({ attacked, urls, scrape }: Attacked, attack: Promise<void>) {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void attack.then(end, end);
  let [slowestScrapeMs, scrapes, peakBytes] = [0, 0, 0];
  while (!isOver) {
    const startMs = performance.now();
    assertResults(urls, await scrape());
    slowestScrapeMs = Math.max(slowestScrapeMs, performance.now() - startMs);
    peakBytes = Math.max(peakBytes, await residentBytes(attacked));
    scrapes += 1;
    await pause(EVERY_MS);
  }
  return { slowestScrapeMs, scrapes, peakBytes };
}

// Probes under way have some open, at one time more than at another.
async function mostOpenFiles(attacked: Exporter): Promise<number> {
  let most = 0;
  for (let lookedMs = 0; lookedMs < INTERVAL_MS; lookedMs += 50) {
    most = Math.max(most, await openFiles(attacked));
    await pause(50);
  }
  return most;
}

async function openFiles({ pid }: Exporter): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

function assertResults(urls: readonly string[], series: Series): void {
  for (const url of urls) {
    const expected = Object.entries(RESULTS).find(([kind]) => url.includes(`/${kind}/`))?.[1];
    const own = seriesAbout(url, series);
    assert.equal(own.get(`result{result="${expected}"}`), 1, url);
    assert.equal(own.get('up'), Number(expected === 'success'), url);
  }
}

function probesOf(urls: readonly string[], series: Series): number {
  const own = urls.flatMap((url) => [...seriesAbout(url, series)]);
  return own.reduce((sum, [name, value]) => sum + (name.startsWith('probes_total') ? value : 0), 0);
}

/** The series of a scrape on a connection of its own, as a new client has it. */
async function scrapeOnce(attacked: Exporter, headers: Readonly<Record<string, string>>): Promise<Series> {
  const response = await fetch(attacked.url('/metrics'), { headers: { ...headers, connection: 'close' } });
  const body = await response.text();
  assert.equal(response.status, 200, `${body}\n${attacked.output()}`);
  parseExposition(body);
  return seriesOf(body);
}
