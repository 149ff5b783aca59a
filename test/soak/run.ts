import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/target/duration.ts';
import { isBreached } from './measure.ts';
import { readValue } from './probe-counts.ts';
import { factTable, kindTable, measureTable } from './report.ts';
import { type Soaked, soak } from './soak.ts';
import { MAIN } from './subject.ts';

// Run by hand, or in CI for a short time: see README.md.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    targets: { type: 'string', default: '2000' },
    interval: { type: 'string', default: '1s' },
    main: { type: 'string', default: MAIN },
  },
});

// On a machine that is busy with something else.
const MOST_SPOILT = 0.05;
// Of the probes that are due; below this it was not the load that was meant.
const LEAST_DONE = 0.5;
const MOST_FAULTS_TOLD = 30;

const say = (text: string) => void process.stdout.write(text);
const soaked = await soak({
  ...values,
  minutes: Number(values.minutes),
  targets: Number(values.targets),
  main: resolve(values.main),
  say,
});
const faults = faultsOf(soaked);
say(
  `\n${kindTable(soaked.end.comparison.kinds)}\n${measureTable(soaked.measures)}\n${factTable(facts(soaked))}\n${factTable(messagesIn(soaked.log))}\n`,
);
for (const fault of faults.slice(0, MOST_FAULTS_TOLD)) say(`BREACH: ${fault}\n`);
if (faults.length > MOST_FAULTS_TOLD) say(`BREACH: and ${faults.length - MOST_FAULTS_TOLD} more\n`);
say(faults.length === 0 ? 'soaked, and sound\n' : '');
process.exitCode = faults.length === 0 ? 0 : 1;

function faultsOf({ faults: found, measures, end, log }: Soaked): readonly string[] {
  const { probes, noVerdict } = totals(end.comparison.kinds);
  const spoilt = noVerdict + end.excused;
  const errors = log.split('\n').filter((line) => line.includes('"level":"error"'));
  return [
    ...found,
    ...measures.filter(isBreached).map(({ name }) => `${name} grew`),
    ...errors.map((line) => `an error was logged: ${line}`),
    ...(spoilt > probes * MOST_SPOILT
      ? [`${spoilt} of ${probes} probes say nothing: the machine is too busy`]
      : []),
    ...(doneShare(soaked) < LEAST_DONE
      ? [`only ${percent(doneShare(soaked))} of the probes that were due`]
      : []),
  ];
}

function facts(soaked: Soaked): Readonly<Record<string, string | number>> {
  const { scraper, end, reloads, pushes, workedSeconds } = soaked;
  const skipped = readValue(end.text, 'external_url_exporter_probes_skipped_total');
  return {
    'seconds of probing': Math.round(workedSeconds),
    'probes done of those due': percent(doneShare(soaked)),
    'probes skipped': skipped,
    'times that the servers stood still': end.stalls.length,
    'timeouts because of that': end.excused,
    'largest lag of the schedule': `${scraper.lagSeconds.toFixed(3)} s`,
    scrapes: scraper.scrapes,
    'slowest scrape': `${Math.round(scraper.slowestMs)} ms`,
    'size of a scrape': `${(scraper.bytes / 1e6).toFixed(1)} MB`,
    'most memory resident': `${(Math.max(...scraper.residentBytes) / 1e6).toFixed(1)} MB`,
    'requests of pushes': pushes,
    reloads,
  };
}

/** How often the exporter has logged what, whatever the numbers in it. */
function messagesIn(log: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, level, text = ''] of log.matchAll(/"level":"(\w+)".*"msg":"([^"]*)"/g)) {
    const message = `${level}: ${text.replace(/\d+/g, 'N')}`;
    counts[message] = (counts[message] ?? 0) + 1;
  }
  return counts;
}

function doneShare({ end, workedSeconds }: Soaked): number {
  const { targets, probes } = totals(end.comparison.kinds);
  return probes / ((targets * workedSeconds * 1000) / (parseDuration(values.interval) ?? Number.NaN));
}

function totals(kinds: Soaked['end']['comparison']['kinds']) {
  const sum = (key: 'targets' | 'probes' | 'noVerdict') =>
    kinds.reduce((total, kind) => total + kind[key], 0);
  return { targets: sum('targets'), probes: sum('probes'), noVerdict: sum('noVerdict') };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
