import { setTimeout as pause } from 'node:timers/promises';
import type { Program } from '../support/program.ts';
import type { TempFolder } from '../support/temp-folder.ts';
import { INTERVAL_S } from './contender.ts';
import { errorsOf, readPast } from './error.ts';
import { type Exporter, startExporter } from './exporter.ts';
import { cpuSeconds, watchMachine } from './proc.ts';
import { scrapeEvery } from './scraper.ts';
import type { Served, TargetServer } from './target-server.ts';

/** Whether the exporter is scraped and pushes while it probes, or is left alone. */
export type Mode = 'scraped, pushing' | 'left alone';

/** What is to be run. */
export type TruthSetting = {
  readonly name: string;
  readonly main: string;
  readonly rate: number;
  readonly mode: Mode;
};

/** What was found in one run. */
export type TruthRun = TruthSetting & {
  readonly errorsMs: readonly number[];
  /** Those of a plain client beside it: what the machine and the server add. */
  readonly controlMs: readonly number[];
  readonly notSuccess: number;
  readonly coresUsed: number;
  readonly machineIdle: number;
};

/** Where it all happens, and for how long. */
export type TruthSurroundings = {
  readonly target: TargetServer;
  /** Takes the pushes. */
  readonly sink: TargetServer;
  readonly folder: TempFolder;
  readonly warmS: number;
  readonly measuredS: number;
};

/** Calls of the control per second. */
export const CONTROL_PER_S = 20;
const CONTROL_PATHS = 1_000_000;
const PUSH_EVERY_MS = '10000';

/** Runs the exporter against the slow server and compares what both say. */
export async function truthRun(setting: TruthSetting, surroundings: TruthSurroundings): Promise<TruthRun> {
  const { main, rate, mode } = setting;
  const { target, sink, folder } = surroundings;
  await using exporter = await startExporter({
    urls: target.urls('http', rate * INTERVAL_S, '/slow'),
    interval: `${INTERVAL_S}s`,
    folder,
    main,
    env: mode === 'left alone' ? {} : pushingTo(sink),
  });
  await using _scraper = mode === 'left alone' ? undefined : scrapeEvery(`${exporter.url}/metrics`, 1000);
  await using control = startControl(target);
  return { ...setting, ...(await observe(exporter, control, surroundings)) };
}

/** The environment of an exporter that pushes every 10 s. */
export function pushingTo(sink: TargetServer): Readonly<Record<string, string>> {
  const [url = ''] = sink.urls('http', 1);
  return {
    OTEL_METRICS_EXPORTER: 'prometheus,otlp',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${new URL(url).origin}/v1/metrics`,
    OTEL_METRIC_EXPORT_INTERVAL: PUSH_EVERY_MS,
    OTEL_METRIC_EXPORT_TIMEOUT: PUSH_EVERY_MS,
  };
}

async function observe(
  exporter: Exporter,
  control: Program | undefined,
  { target, warmS, measuredS }: TruthSurroundings,
): Promise<Omit<TruthRun, keyof TruthSetting>> {
  await pause(warmS * 1000);
  // What the server remembers begins again here.
  await target.served();
  const [load, cpuS, atMs] = [watchMachine(), cpuSeconds(exporter.pid), performance.now()];
  await pause(measuredS * 1000);
  const coresUsed = (cpuSeconds(exporter.pid) - cpuS) / ((performance.now() - atMs) / 1000);
  const machineIdle = load().idle;
  const past = await readPast(exporter.url);
  const served = await target.served();
  return {
    errorsMs: errorsOf(past, served),
    controlMs: controlErrors(control, served),
    notSuccess: past.reduce((sum, { failures }) => sum + failures, 0),
    coresUsed,
    machineIdle,
  };
}

function startControl(target: TargetServer): Program | undefined {
  const [first = ''] = target.urls('http', 1);
  return target.drive(CONTROL_PER_S, `${new URL(first).origin}/slow/control/#`, CONTROL_PATHS, 'new');
}

/** The errors of the control, each of whose calls has a path of its own. */
function controlErrors(control: Program | undefined, served: Served): readonly number[] {
  const lines = control?.output().matchAll(/^(\d+) ([\d.]+)$/gm) ?? [];
  return [...lines].flatMap(([, number, ms]) => {
    const [answer] = served[`/slow/control/${number}`] ?? [];
    return answer === undefined ? [] : [Number(ms) - answer[1]];
  });
}
