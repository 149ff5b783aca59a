import { setMaxListeners } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { type HttpServer, httpServer } from '../../support/http-server.ts';
import { program, run } from '../../support/program.ts';
import { type Series, seriesOf } from '../../support/running-app.ts';

// The service on a processor full of busy loops that go before it, its targets on another one without any:
//   node test/soak/machine/starved.ts --hogs=4 --nice=-5
// Needs root, two processors and taskset. Exits 1 if a response time holds our own wait and nothing shows it, or if
// a target is called down that answered in time.

const { values } = parseArgs({
  options: {
    hogs: { type: 'string', default: '4' },
    nice: { type: 'string', default: '-5' },
    targets: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '30' },
    'timeout-ms': { type: 'string', default: '900' },
  },
});
// A session each: Linux shares a processor among sessions first, and follows niceness only within one.
const OURS = ['setsid', 'taskset', '-c', '0'];
const THEIRS = ['taskset', '-a', '-p', '-c', '1', `${process.pid}`];
const BUSY = ['node', '-e', 'for (;;);'];
const ANSWER_MS = 50;
// A probe waits for its thread at each of its steps: connected, written, the head, the end of the body.
const WAITS = 4;
const TOLERANCE_MS = 50;
const OF_NOBODY = ['success', 'internal_error'];

type Result = readonly [result: string, responseMs: number | null];
type Facts = { readonly counts: Record<string, number>; readonly history: readonly Result[] };
type Phase = {
  readonly results: readonly Result[];
  readonly series: Series;
  /** What the server itself took for the slowest answer. */
  readonly servedMs: number;
};

process.exitCode = await starved();

async function starved(): Promise<number> {
  await run(THEIRS[0] ?? '', THEIRS.slice(1));
  setPriority(-10);
  const served: number[] = [];
  await using server = await delayedServer(served);
  const urls = Array.from({ length: Number(values.targets) }, (_, n) => server.url(`/${n}`));
  const settings = ['--probe.interval=1s', `--probe.timeout=${values['timeout-ms']}ms`];
  await using service = await exporter([...settings, ...urls], {}, OURS);
  await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, urls.length);
  const calm = await phase('calm', service, served);
  const [nice = '', ...rest] = ['nice', '-n', values.nice, ...OURS, ...BUSY];
  setMaxListeners(Number(values.hogs) + 20, process);
  const hogs = Array.from({ length: Number(values.hogs) }, () => program(nice, rest));
  const busy = await phase(`beside ${hogs.length} loops at nice ${values.nice}`, service, served);
  for (const hog of hogs) hog.signal('SIGKILL');
  const after = await phase('calm again', service, served);
  return [calm, busy, after].flatMap(objections).length === 0 ? 0 : 1;
}

function delayedServer(served: number[]): Promise<HttpServer> {
  return httpServer((_, response) => {
    const startMs = performance.now();
    response.once('finish', () => served.push(performance.now() - startMs));
    setTimeout(() => response.end('ok'), ANSWER_MS);
  });
}

async function phase(what: string, service: Exporter, served: number[]): Promise<Phase> {
  const before = await facts(service);
  served.length = 0;
  await pause(Number(values.seconds) * 1000);
  const results = (await facts(service)).flatMap(({ counts, history }, n) => {
    const isNew = total(counts) - total(before[n]?.counts ?? {});
    return isNew === 0 ? [] : history.slice(-isNew);
  });
  const phase = { results, series: seriesOf(await service.metrics()), servedMs: Math.max(...served) };
  say(`${what}: ${JSON.stringify(figures(phase))}`);
  return phase;
}

async function facts(service: Exporter): Promise<readonly Facts[]> {
  const { targets }: { targets: Facts[] } = JSON.parse(
    await (await fetch(service.url('/api/v1/targets'))).text(),
  );
  return targets;
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function figures({ results, series, servedMs }: Phase) {
  const counts: Record<string, number> = {};
  for (const [result] of results) counts[result] = (counts[result] ?? 0) + 1;
  const own = (name: string) => Math.round(1000 * (series.get(`external_url_exporter_${name}`) ?? 0));
  return {
    ...counts,
    medianMs: quantile(results, 0.5),
    p99Ms: quantile(results, 0.99),
    mostMs: quantile(results, 1),
    servedMs: Math.round(servedMs),
    lagMs: own('schedule_lag_seconds'),
    loopDelayMs: own('event_loop_delay_seconds{thread="probing"}'),
    skipped: series.get('external_url_exporter_probes_skipped_total'),
  };
}

function quantile(results: readonly Result[], share: number): number {
  const sorted = successes(results).sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
}

function successes(results: readonly Result[]): number[] {
  return results.flatMap(([result, ms]) => (result === 'success' && ms !== null ? [ms] : []));
}

/** What was not as it has to be, if anything. */
function objections(phase: Phase): readonly string[] {
  const { mostMs, servedMs, lagMs, loopDelayMs } = figures(phase);
  const ownWaitMs = mostMs - servedMs;
  const reportedMs = WAITS * Math.max(lagMs, loopDelayMs) + TOLERANCE_MS;
  const isServedInTime = servedMs < Number(values['timeout-ms']) / 2;
  if (!isServedInTime) say('the server was short of processor itself: who is called down is not checked');
  const blamed = phase.results.filter(([result]) => isServedInTime && !OF_NOBODY.includes(result));
  const all = [
    ...(ownWaitMs > reportedMs
      ? [`${ownWaitMs} ms of our own wait, where ${reportedMs} ms are reported`]
      : []),
    ...(blamed.length > 0
      ? [`${blamed.length} times blamed: ${[...new Set(blamed.map(([name]) => name))]}`]
      : []),
    ...(successes(phase.results).some((ms) => ms < ANSWER_MS - 1) ? ['faster than the server'] : []),
  ];
  for (const objection of all) say(`not as it has to be: ${objection}`);
  return all;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
