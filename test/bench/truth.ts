import { tempFolder } from '../support/temp-folder.ts';
import type { BenchOptions } from './options.ts';
import type { Report, Row } from './report.ts';
import { say } from './say.ts';
import { histogram, mean, spread } from './statistics.ts';
import { targetServer } from './target-server.ts';
import { CONTROL_PER_S, type Mode, type TruthRun, type TruthSetting, truthRun } from './truth-run.ts';

const OURS = 'exporter';
const MODES: readonly Mode[] = ['scraped, pushing', 'left alone'];

/** The error of `response_ms` against the server's own time, at several rates, with and without scrapes and pushes. */
export async function truth(options: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using sinkFolder = await tempFolder();
  await using target = await targetServer(folder);
  await using sink = await targetServer(sinkFolder);
  const { warmS, seconds: measuredS = 30 } = options;
  const runs: TruthRun[] = [];
  for (const setting of settingsOf(options)) {
    const run = await truthRun(setting, { target, sink, folder, warmS, measuredS });
    const { p50, p99 } = spread(run.errorsMs);
    say(`truth: ${run.name} ${run.rate}/s ${run.mode}: p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)} ms`);
    runs.push(run);
  }
  return {
    title: 'error of response_ms (ms): what was reported less what the server really took (about 100 ms)',
    rows: rowsOf(runs),
    figures: figuresOf(runs),
    notes: notesOf(target.kind),
    details: runs.map(({ errorsMs, controlMs, ...run }) => ({
      ...run,
      probes: errorsMs.length,
      error: spread(errorsMs),
      control: spread(controlMs),
      histogram: histogram(errorsMs),
    })),
  };
}

function settingsOf({ rates = [100, 500, 1000], rounds, main, against }: BenchOptions): TruthSetting[] {
  const mains = [{ name: OURS, main }, ...(against === undefined ? [] : [{ name: 'other', main: against }])];
  return rates.flatMap((rate) =>
    Array.from({ length: rounds }).flatMap(() =>
      mains.flatMap(({ name, main }) => MODES.map((mode) => ({ name, main, rate, mode }))),
    ),
  );
}

function notesOf(kind: string): string[] {
  return [
    `server (${kind}): from the request read to the answer written, by its own clock; connecting, the accept queue and waiting for a processor on either side are in the error`,
    `control: a plain Go client beside it, ${CONTROL_PER_S} calls a second: what machine and server add to anybody's error`,
    'scraped each second with gzip, pushing OTLP each 10 s to another process; left alone: read once, at the end',
    'every probe of the measured time counts; all but the latest of each target are reported in tenths of a millisecond',
  ];
}

function rowsOf(runs: readonly TruthRun[]): readonly Row[] {
  const groups = Object.values(Object.groupBy(runs, ({ rate, name, mode }) => `${rate} ${name} ${mode}`));
  return groups.flatMap((group = []) => {
    const [first] = group;
    if (first === undefined) return [];
    const control = spread(group.flatMap(({ controlMs }) => controlMs));
    return {
      'probes /s': first.rate,
      prober: first.name,
      mode: first.mode,
      ...spread(group.flatMap(({ errorsMs }) => errorsMs)),
      'control p50': control.p50,
      'control p99': control.p99,
      probes: group.flatMap(({ errorsMs }) => errorsMs).length,
      'not success': group.reduce((sum, { notSuccess }) => sum + notSuccess, 0),
      'cores used': mean(group.map(({ coresUsed }) => coresUsed)),
      'machine idle': mean(group.map(({ machineIdle }) => machineIdle)),
    };
  });
}

function figuresOf(runs: readonly TruthRun[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const rate of new Set(runs.map((run) => run.rate))) {
    const [busy, alone] = MODES.map((mode) =>
      spread(
        runs
          .filter((run) => run.rate === rate && run.mode === mode && run.name === OURS)
          .flatMap(({ errorsMs }) => errorsMs),
      ),
    );
    if (busy === undefined || alone === undefined) continue;
    figures[`${rate}/s p50 ms`] = busy.p50;
    figures[`${rate}/s p99 ms`] = busy.p99;
    figures[`${rate}/s p99 ms more than without scrapes`] = busy.p99 - alone.p99;
  }
  return figures;
}
