import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type Exporter, exporter } from './exporter.ts';
import { parseExposition } from './exposition.ts';
import { httpServer } from './http-server.ts';
import { residentBytes } from './program.ts';
import { type Series, seriesAbout, seriesOf } from './running-app.ts';
import { tempFolder } from './temp-folder.ts';

/** The exporter as a program of its own, probing targets of which it is known what is to be found. */
export type Siege = AsyncDisposable & {
  readonly exporter: Exporter;
  readonly port: number;
  /** Attacks, and sees that all that a good client and the targets see stays as it is; gives the figures. */
  withstands(attack: (port: number) => Promise<void>, bounds?: Partial<Bounds>): Promise<Figures>;
};

/** What an attack may cost at most. */
export type Bounds = {
  readonly growthBytes: number;
  readonly slowestMs: number;
  readonly lagSeconds: number;
};

/** What an attack did cost. */
export type Figures = Bounds & { readonly scrapes: number; readonly probes: number; readonly tookMs: number };

/** What a good client sends with each request. */
export type Headers = Readonly<Record<string, string>>;

const MIB = 1024 ** 2;
// Generous for a machine that is busy: without any bound each would be passed many times over.
const BOUNDS: Bounds = { growthBytes: 96 * MIB, slowestMs: 3000, lagSeconds: 0.5 };
// What an outsider can bring about at will must not fill the log.
const MOST_LOG_LINES = 5;
const SCRAPE_EVERY_MS = 100;
const PATIENCE_MS = 10_000;
const INTERVAL_MS = 500;
const PATHS = ['/200/a', '/200/b', '/200/c', '/200/d', '/503/a', '/503/b', '/hang/a', '/hang/b'] as const;
const EXPECTED: Readonly<Record<string, string>> = {
  200: 'success',
  503: 'unexpected_status',
  hang: 'response_timeout',
};

/** Starts the exporter with further flags; a good client sends these headers. */
export async function siege(flags: readonly string[] = [], headers: Headers = {}): Promise<Siege> {
  await using started = new AsyncDisposableStack();
  const targets = started.use(
    await httpServer(({ url }, response) => {
      if (!url.startsWith('/hang')) response.writeHead(Number(url.slice(1, 4))).end('ok');
    }),
  );
  const folder = started.use(await tempFolder());
  const urls = PATHS.map((path) => targets.url(path));
  const lines = ['interval: 500ms', 'timeout: 450ms', 'targets:', ...urls.map((url) => `  - ${url}`)];
  const config = await folder.write('config.yml', lines.join('\n'));
  const besieged = started.use(await exporter([`--config.file=${config}`, ...flags]));
  const scrape = () => scrapedSeries(besieged, headers);
  const probed = (series: Series) => urls.every((url) => probesOf(series, url) >= 3);
  while (!probed(await scrape())) await pause(SCRAPE_EVERY_MS);
  const all = started.move();
  return {
    exporter: besieged,
    port: Number(besieged.authority.split(':')[1]),
    withstands: (attack, bounds = {}) =>
      withstood({ besieged, urls, scrape, bounds: { ...BOUNDS, ...bounds } }, attack),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

type Besieged = {
  readonly besieged: Exporter;
  readonly urls: readonly string[];
  readonly scrape: () => Promise<Series>;
  readonly bounds: Bounds;
};

async function withstood(
  { besieged, urls, scrape, bounds }: Besieged,
  attack: (port: number) => Promise<void>,
): Promise<Figures> {
  const before = await scrape();
  const bytesBefore = await residentBytes(besieged);
  const filesBefore = await mostFiles(besieged);
  const linesBefore = linesOf(besieged);
  const beganMs = performance.now();
  // Both to their ends, so that nothing of an attack is left to the next attempt.
  const attacked = attack(Number(besieged.authority.split(':')[1]));
  const watched = watch({ besieged, urls, scrape }, attacked);
  const [, watching] = await Promise.allSettled([attacked, watched]);
  if (watching.status === 'rejected') throw watching.reason;
  await attacked;
  const { slowestMs, scrapes, peakBytes } = watching.value;
  const tookMs = performance.now() - beganMs;
  await filesAgain(besieged, filesBefore);
  const after = await scrape();
  wantVerdicts(urls, after);
  const figures = {
    growthBytes: peakBytes - bytesBefore,
    slowestMs,
    lagSeconds: after.get('external_url_exporter_schedule_lag_seconds') ?? Number.NaN,
    scrapes,
    probes: sum(urls, after) - sum(urls, before),
    tookMs,
  };
  for (const key of ['growthBytes', 'slowestMs', 'lagSeconds'] as const) {
    assert.ok(figures[key] <= bounds[key], `${key}: ${figures[key]}, at most ${bounds[key]}`);
  }
  assert.equal(after.get('external_url_exporter_probes_skipped_total'), 0);
  const due = Math.floor((urls.length * (tookMs - INTERVAL_MS)) / INTERVAL_MS);
  assert.ok(figures.probes >= due - urls.length, `${figures.probes} probes, ${due} were due`);
  const lines = linesOf(besieged).slice(linesBefore.length);
  assert.ok(lines.length <= MOST_LOG_LINES, `it logged:\n${lines.slice(0, 20).join('\n')}`);
  return figures;
}

function linesOf({ output }: Exporter): readonly string[] {
  return output().split('\n');
}

type Watched = { readonly slowestMs: number; readonly scrapes: number; readonly peakBytes: number };

/** Scrapes as a good client does, as long as the attack lasts. */
async function watch(
  { besieged, urls, scrape }: Omit<Besieged, 'bounds'>,
  attacked: Promise<void>,
): Promise<Watched> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void attacked.then(end, end);
  let [slowestMs, scrapes, peakBytes] = [0, 0, 0];
  while (!isOver) {
    const startMs = performance.now();
    wantVerdicts(urls, await scrape());
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    peakBytes = Math.max(peakBytes, await residentBytes(besieged));
    scrapes += 1;
    await pause(SCRAPE_EVERY_MS);
  }
  return { slowestMs, scrapes, peakBytes };
}

async function filesAgain(besieged: Exporter, before: number): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const files = await openFiles(besieged);
    if (files <= before) return;
    assert.ok(performance.now() < giveUpAt, `${files} open files, ${before} before`);
    await pause(SCRAPE_EVERY_MS);
  }
}

// The probes under way have some, and are more at one time than at another.
async function mostFiles(besieged: Exporter): Promise<number> {
  let most = 0;
  for (let lookedMs = 0; lookedMs < INTERVAL_MS; lookedMs += 50) {
    most = Math.max(most, await openFiles(besieged));
    await pause(50);
  }
  return most;
}

async function openFiles({ pid }: Exporter): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

function wantVerdicts(urls: readonly string[], series: Series): void {
  for (const url of urls) {
    const expected = EXPECTED[/(200|503|hang)/.exec(url.replace(/.*?:\d+/, ''))?.[1] ?? ''];
    const found = [...seriesAbout(url, series)].filter(
      ([name, value]) => name.startsWith('result') && value === 1,
    );
    assert.deepEqual(found, [[`result{result="${expected}"}`, 1]], url);
    assert.equal(series.get(`sample_external_url_up{url="${url}"}`), Number(expected === 'success'), url);
  }
}

function probesOf(series: Series, url: string): number {
  const start = `sample_external_url_probes_total{url="${url}"`;
  return [...series].reduce((total, [name, value]) => total + (name.startsWith(start) ? value : 0), 0);
}

function sum(urls: readonly string[], series: Series): number {
  return urls.reduce((total, url) => total + probesOf(series, url), 0);
}

/** The series of a scrape on a connection of its own, as a new client gets it. */
async function scrapedSeries({ authority, output }: Exporter, headers: Headers): Promise<Series> {
  const sent = get(`http://${authority}/metrics`, { agent: false, headers });
  const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    sent.once('error', reject).once('response', async (response) => {
      resolve([response.statusCode, await text(response)]);
    });
  });
  assert.equal(status, 200, `${body}\n${output()}`);
  parseExposition(body);
  return seriesOf(body);
}
