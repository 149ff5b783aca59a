import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { SOURCE, spawnExporter } from './exporter.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds, memoryMb, threadCount } from './proc.ts';
import type { Report, Row } from './report.ts';
import { say } from './say.ts';
import { median } from './statistics.ts';
import { type TargetServer, targetServer } from './target-server.ts';

/** A way to start the exporter. */
type Way = {
  readonly name: string;
  readonly main: string;
  readonly env?: Readonly<Record<string, string>>;
};

const STARTS = 7;
const LOOK_EVERY_MS = 2;
const GIVE_UP_MS = 20_000;
const REST_MS = 30_000;
// After a quiet minute the delays of the loops are watched without timers.
const SETTLE_MS = 75_000;

/** From the start of the process until it listens, until it has a first result; and what it takes when idle. */
export async function start({ main }: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using target = await targetServer(folder);
  const ways: readonly Way[] = [
    { name: 'bundle', main },
    { name: 'bundle, compile cache', main, env: { NODE_COMPILE_CACHE: join(folder.path, 'cache') } },
    { name: 'source', main: SOURCE },
  ];
  const rows: Row[] = [];
  const figures: Record<string, number> = {};
  for (const way of ways) {
    // One more at first: it fills the caches of the disk, and the compile cache.
    const starts = await many(STARTS + 1, () => startOnce(way, target, folder));
    const counted = starts.slice(1);
    const listening = counted.map(({ listeningMs }) => listeningMs);
    const result = counted.map(({ resultMs }) => resultMs);
    const rest = await atRest(way, target, folder);
    rows.push({
      way: way.name,
      'listening ms, least': Math.min(...listening),
      'listening ms': median(listening),
      'first result ms, least': Math.min(...result),
      'first result ms': median(result),
      ...rest,
    });
    if (way === ways[0])
      Object.assign(figures, {
        'listening ms': median(listening),
        'first result ms': median(result),
        'idle RSS MB': rest['RSS MB'],
        'idle share of a core': rest['share of a core'],
      });
    say(`start: ${way.name}: listening after ${Math.round(median(listening))} ms`);
  }
  return {
    title: `${STARTS} starts: from the start of the process; then two targets at 10 s, idle`,
    rows,
    figures,
    notes: [
      'listening: a connection is accepted; first result: /metrics shows that a local target is up',
      `idle: memory after ${SETTLE_MS / 1000} s, CPU over the next ${REST_MS / 1000} s, no scrapes`,
      'the image has a compile cache of its own; goals are for the bundle without one',
    ],
  };
}

async function many<Value>(times: number, make: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let count = 0; count < times; count++) values.push(await make());
  return values;
}

async function startOnce({ main, env = {} }: Way, target: TargetServer, folder: TempFolder) {
  const port = await freePort();
  const began = performance.now();
  await using _exporter = await spawnExporter({
    urls: target.urls('http', 2),
    interval: '10s',
    folder,
    main,
    env,
    flags: [`--web.listen-address=127.0.0.1:${port}`],
  });
  const sinceMs = () => performance.now() - began;
  await untilTrue(() => isAccepting(port));
  const listeningMs = sinceMs();
  await untilTrue(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    return /^sample_external_url_up\{.*\} 1$/m.test(await response.text());
  });
  return { listeningMs, resultMs: sinceMs() };
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('the exporter did not start');
    await pause(LOOK_EVERY_MS);
  }
}

function isAccepting(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function atRest({ main, env = {} }: Way, target: TargetServer, folder: TempFolder) {
  const urls = target.urls('http', 2);
  await using exporter = await spawnExporter({ urls, interval: '10s', folder, main, env });
  await pause(SETTLE_MS);
  const rss = memoryMb(exporter.pid).now;
  const before = cpuSeconds(exporter.pid);
  await pause(REST_MS);
  const share = ((cpuSeconds(exporter.pid) - before) / REST_MS) * 1000;
  return { 'RSS MB': rss, 'share of a core': share, threads: threadCount(exporter.pid) };
}
