import { chartValues, type Value } from './chart-values.ts';

/** The chart's README with a current table between its markers. */
export function withValues(page: string): string {
  const between = /(<!-- values: .*? -->\n)[\s\S]*?(<!-- \/values -->)/;
  return page.replace(between, (_, start: string, end: string) => `${start}${valuesTable()}${end}`);
}

function valuesTable(): string {
  const rows = chartValues().flatMap(rowsOf);
  return ['| value | default | |', '| --- | --- | --- |', ...rows].map((row) => `${row}\n`).join('');
}

function rowsOf(value: Value): readonly string[] {
  const { path, description, default: preset, inner } = value;
  if (inner.length > 0) {
    const [first = '', ...rest] = inner.flatMap(rowsOf);
    return [`| **\`${path}\`** | | ${escaped(description)} |`, first, ...rest];
  }
  return [`| \`${path}\` | \`${escaped(JSON.stringify(preset))}\` | ${escaped(description)} |`];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
