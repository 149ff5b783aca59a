import type { KindTotals } from './comparison.ts';
import { isBreached, type Measure } from './measure.ts';

/** The books as a table. */
export function kindTable(kinds: readonly KindTotals[]): string {
  return table([
    ['kind of target', 'targets', 'probes', 'served', 'no verdict', 'results'],
    ...kinds.map(({ kind, targets, probes, served, noVerdict, results }) => [
      kind,
      `${targets}`,
      `${probes}`,
      `${served}`,
      `${noVerdict}`,
      [...results].sort().join(', '),
    ]),
  ]);
}

/** What must not grow as a table. */
export function measureTable(measures: readonly Measure[]): string {
  return table([
    ['what', 'after warm-up', 'at the end', 'may grow by', ''],
    ...measures.map((measure) => [
      measure.name,
      amount(measure.before, measure.unit),
      amount(measure.after, measure.unit),
      amount(measure.allowed, measure.unit),
      isBreached(measure) ? 'BREACHED' : 'flat',
    ]),
  ]);
}

/** Facts, each with its name. */
export function factTable(facts: Readonly<Record<string, string | number>>): string {
  return table(Object.entries(facts).map(([name, value]) => [name, `${value}`]));
}

function amount(value: number, unit: Measure['unit']): string {
  return unit === 'MB' ? `${(value / 1e6).toFixed(1)} MB` : `${value}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(columns[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
