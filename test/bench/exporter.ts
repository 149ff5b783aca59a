import { globSync, statSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Program, run } from '../support/program.ts';
import type { TempFolder } from '../support/temp-folder.ts';
import { launch } from './launch.ts';

/** The exporter as its users run it. */
export type Exporter = Program & {
  readonly url: string;
};

/** What an exporter is started with. */
export type ExporterSetting = {
  readonly urls: readonly string[];
  readonly interval: string;
  readonly folder: TempFolder;
  /** The bundle, or the entry of the sources. */
  readonly main: string;
  /** Further lines of the config file. */
  readonly config?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** The entry of the bundle. */
export const BUNDLE = join(DIST, 'main.mjs');

/** The entry of the sources. */
export const SOURCE = join(ROOT, 'src/main.ts');

/** Makes the bundle again unless it is younger than every source; results that lie beside it are kept. */
export async function bundle(folder: TempFolder): Promise<void> {
  const sources = [...globSync('src/**/*.ts', { cwd: ROOT }), 'deploy/bundle.ts', 'package-lock.json'];
  const made = modifiedMs(BUNDLE);
  if (sources.every((file) => modifiedMs(join(ROOT, file)) < made)) return;
  const [results, kept] = [join(DIST, 'bench'), join(folder.path, 'results')];
  if (modifiedMs(results) > 0) await cp(results, kept, { recursive: true });
  const { exitCode, output } = await run(process.execPath, [join(ROOT, 'deploy/bundle.ts')]);
  if (exitCode !== 0) throw new Error(`the bundle could not be made: ${output}`);
  if (modifiedMs(kept) > 0) await cp(kept, results, { recursive: true });
  await rm(kept, { recursive: true, force: true });
}

/** Starts the exporter with a config file of these targets, and waits until it listens. */
export async function startExporter(setting: ExporterSetting): Promise<Exporter> {
  const exporter = await spawnExporter(setting);
  try {
    const [, port] = await exporter.says(/"port":(\d+).*"msg":"listening"/, 60_000);
    return { ...exporter, url: `http://127.0.0.1:${port}` };
  } catch (error) {
    await exporter[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts the exporter and waits for nothing. */
export async function spawnExporter(setting: ExporterSetting): Promise<Program> {
  const { urls, interval, folder, main, config = [], flags = [], env = {} } = setting;
  const lines = [`interval: ${interval}`, ...config, 'targets:', ...urls.map((url) => `  - ${url}`)];
  const file = await folder.write('exporter.yml', `${lines.join('\n')}\n`);
  const listen = flags.some((flag) => flag.startsWith('--web.listen-address'))
    ? []
    : ['--web.listen-address=127.0.0.1:0'];
  return launch(process.execPath, [main, `--config.file=${file}`, '--log.format=json', ...listen, ...flags], {
    env,
  });
}

/** Waits until every target has been looked at. */
export async function untilReady(exporter: Exporter, patienceMs = 180_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while ((await fetch(`${exporter.url}/-/ready`)).status !== 200) {
    if (performance.now() > giveUpAt) throw new Error(`not ready in ${patienceMs} ms:\n${exporter.output()}`);
    await pause(100);
  }
}

/** The value of a series of /metrics, given as it begins its line, in the notation of regular expressions. */
export async function ownMetric(exporter: Exporter, series: string): Promise<number> {
  const response = await fetch(`${exporter.url}/metrics`);
  return seriesValue(await response.text(), series);
}

/** The same from a text that was scraped before; NaN where there is none. */
export function seriesValue(text: string, series: string): number {
  return Number(new RegExp(`^${series} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

function modifiedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
