/** A line of a table; what is absent was not measured. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** What a benchmark found. */
export type Report = {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Figures by name, those that goals are set for among them. */
  readonly figures: Readonly<Record<string, number>>;
  /** What is to be known to read the table. */
  readonly notes: readonly string[];
  /** What goes into the JSON alone. */
  readonly details?: unknown;
};

/** A table in plain text, numbers to the right; with bars it is Markdown as well. */
export function textTable(rows: readonly Row[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [keys, ...rows.map((row) => keys.map((key) => shown(row[key])))];
  const widths = keys.map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const numeric = keys.map((key) => rows.every((row) => typeof row[key] !== 'string'));
  const rule = widths.map((width, column) => '-'.repeat(width - 1) + (numeric[column] ? ':' : '-'));
  const padded = (line: readonly string[]) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
    });
  const [head = [], ...body] = cells;
  return [padded(head), rule, ...body.map(padded)].map((line) => `| ${line.join(' | ')} |\n`).join('');
}

/** A number as people read it: three digits that count, two of what is less than 0.1. */
export function shown(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) < 0.1) return String(Number(value.toPrecision(2)));
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
