import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { tempFolder } from '../support/temp-folder.ts';
import { cpu } from './cpu.ts';
import { BUNDLE, bundle } from './exporter.ts';
import { GOALS } from './goals.ts';
import { growth } from './growth.ts';
import { type BenchOptions, benchOptions, USAGE } from './options.ts';
import { type Report, type Row, shown, textTable } from './report.ts';
import { say } from './say.ts';
import { scrape } from './scrape.ts';
import { shards } from './shards.ts';
import { start } from './start.ts';
import { tenThousand } from './ten-thousand.ts';
import { truth } from './truth.ts';

const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => Promise<Report>>> = {
  cpu,
  truth,
  scrape,
  start,
  growth,
  'ten-thousand': tenThousand,
  shards,
};

// What was started ends with this process, and that takes an orderly exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

process.exitCode = await main();

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.main === BUNDLE) {
    await using folder = await tempFolder();
    await bundle(folder);
  }
  const names = options.names.length > 0 ? options.names : Object.keys(BENCHMARKS);
  for (const name of names) {
    const report = await BENCHMARKS[name]?.(options);
    if (report !== undefined) await printReport(name, report, options);
  }
  return 0;
}

function readOptions(): BenchOptions | undefined {
  try {
    const options = benchOptions(process.argv.slice(2));
    const unknown = options.names.find((name) => !(name in BENCHMARKS));
    if (unknown === undefined) return options;
    say(`there is no benchmark ${unknown} (${Object.keys(BENCHMARKS).join(', ')})`);
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  return undefined;
}

async function printReport(name: string, report: Report, options: BenchOptions): Promise<void> {
  const { title, rows, notes, figures } = report;
  const goals = goalRows(name, figures);
  const parts = [
    `\n## ${name}: ${title}\n`,
    textTable(rows),
    ...notes.map((note) => `- ${note}`),
    ...(goals.length > 0 ? ['', textTable(goals)] : []),
  ];
  process.stdout.write(`${parts.join('\n')}\n`);
  await mkdir(options.json, { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  const file = join(options.json, `${name}.json`);
  await writeFile(file, `${JSON.stringify({ at: new Date(), machine, ...report, goals }, null, 2)}\n`);
  say(`${name}: written to ${file}`);
}

/** The goals of a benchmark beside what was reached; those whose figure was not measured are left out. */
function goalRows(name: string, figures: Report['figures']): readonly Row[] {
  return GOALS.filter(({ benchmark, figure }) => benchmark === name && figure in figures).map(
    ({ figure, atMost }) => {
      const value = figures[figure] ?? Number.NaN;
      return { goal: figure, 'at most': atMost, reached: shown(value), '': value <= atMost ? 'yes' : 'NO' };
    },
  );
}
