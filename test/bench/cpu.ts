import { setTimeout as pause } from 'node:timers/promises';
import { tempFolder } from '../support/temp-folder.ts';
import { type Contender, INTERVAL_S, type Task } from './contender.ts';
import { type Cost, figuresOf, OURS, rowsOf } from './cpu-table.ts';
import type { BenchOptions } from './options.ts';
import { ours } from './ours.ts';
import { findPeers } from './peers/find.ts';
import { gatusStartsInS } from './peers/gatus.ts';
import { cpuSeconds, memoryMb, watchMachine } from './proc.ts';
import type { Report } from './report.ts';
import { say } from './say.ts';
import { scrapeEvery } from './scraper.ts';
import { type TargetServer, targetServer } from './target-server.ts';

const OURS_X25519 = 'exporter, X25519';
const SCRAPE_EVERY_MS = 10_000;

/** CPU per probe, warm, with all that belongs to it, beside that of the peers in the same run. */
export async function cpu(options: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using target = await targetServer(folder);
  const contenders = await contendersOf(options);
  const costs: Cost[] = [];
  for (const scheme of options.schemes) {
    for (const rate of options.rates ?? [500, 1000]) {
      for (let round = 1; round <= options.rounds; round++) {
        for (const contender of contenders.filter(({ schemes }) => schemes?.includes(scheme) ?? true)) {
          const cost = await measure(contender, { target, scheme, rate, folder }, options, round);
          say(`cpu: ${scheme} ${rate}/s round ${round}: ${cost.name} ${Math.round(cost.microseconds)} us`);
          costs.push(cost);
        }
      }
    }
  }
  return {
    title: 'CPU per probe (user and system, all threads), a new connection each',
    rows: rowsOf(costs),
    figures: figuresOf(costs),
    notes: [
      `target server: ${target.kind}, on loopback, ECDSA P-256; ${options.rounds} rounds in turn, the medians`,
      'blackbox_exporter: its own CPU, without the client that asks for the probes',
      'gatus: few endpoints at 100 ms, since it starts one each 222 ms; the Python service: one thread, as fast as it can',
      'ratios: the median over the rounds of what stands beside each other in one round',
    ],
    details: costs,
  };
}

async function contendersOf(options: BenchOptions): Promise<readonly Contender[]> {
  const { main, against, peers } = options;
  return [
    ours(OURS, main),
    ours(OURS_X25519, main, ['curve_preferences: [X25519]']),
    ...(against === undefined ? [] : [ours('exporter, other', against)]),
    ...(await findPeers(peers)),
  ];
}

async function measure(
  contender: Contender,
  task: Task,
  { warmS, seconds = 20 }: BenchOptions,
  round: number,
): Promise<Cost> {
  const { target, scheme, rate } = task;
  const { groups: groupsBefore } = await target.counts();
  await using working = await contender.start(task);
  await using _scraper =
    working.metricsUrl === undefined ? undefined : scrapeEvery(working.metricsUrl, SCRAPE_EVERY_MS);
  await pause((warmS + (contender.name === 'gatus' ? gatusStartsInS(rate) : 0)) * 1000);
  const load = watchMachine();
  const before = await reading(target, working.pid);
  // Whole intervals: the Python service rests at the end of each.
  await pause(Math.ceil(seconds / INTERVAL_S) * INTERVAL_S * 1000);
  const after = await reading(target, working.pid);
  const probes = after.requests - before.requests;
  if (probes === 0) throw new Error(`${contender.name} does not probe:\n${working.output()}`);
  return {
    name: contender.name,
    scheme,
    rate,
    round,
    microseconds: ((after.cpuS - before.cpuS) / probes) * 1e6,
    connectionsPerProbe: (after.connections - before.connections) / probes,
    probesPerSecond: probes / ((after.atMs - before.atMs) / 1000),
    memoryMb: memoryMb(working.pid).now,
    machineIdle: load().idle,
    groups: Object.entries(after.groups)
      .filter(([group, count]) => count > (groupsBefore[group] ?? 0))
      .map(([group]) => group)
      .join(' '),
  };
}

async function reading(target: TargetServer, pid: number) {
  const counts = await target.counts();
  return { ...counts, cpuS: cpuSeconds(pid), atMs: performance.now() };
}
