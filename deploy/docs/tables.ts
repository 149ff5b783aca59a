import { flagRows } from '../../src/config/command-line/help.ts';
import { OTEL_VARIABLES } from '../../src/config/command-line/otel-variables.ts';
import { formatSize } from '../../src/config/schema/size.ts';
import { DURATION_HISTOGRAM } from '../../src/metrics/histogram.ts';
import { expositionName, type Metric } from '../../src/metrics/metric.ts';
import { OWN_METRICS } from '../../src/metrics/own-metrics.ts';
import { TARGET_METRICS } from '../../src/metrics/target-metrics.ts';
import { RESULTS } from '../../src/probe/result.ts';
import { formatDuration } from '../../src/target/duration.ts';
import { ENDPOINTS } from '../../src/web/endpoints.ts';
import { LIMITS } from '../../src/web/limits.ts';
import { type SettingRow, settingRows, webConfigRows } from './setting-rows.ts';

/** The pages that hold tables. */
export const PAGES = ['README.md', 'src/config/README.md', 'src/metrics/README.md', 'src/web/README.md'].map(
  (path) => new URL(`../../${path}`, import.meta.url),
);

/** The JSON Schema of the config file, for editors and charts. */
export const SCHEMA_FILE = new URL('../../src/config/config.schema.json', import.meta.url);

/** The tables of the documentation by name, each made from the table in the code. */
export function tables(): Readonly<Record<string, string>> {
  return {
    metrics: metricsTable(),
    'own-metrics': ownMetricsTable(),
    results: resultsTable(),
    otel: otelTable(),
    flags: flagsTable(),
    settings: settingsTable(settingRows()),
    endpoints: endpointsTable(),
    limits: limitsTable(),
    'web-config': settingsTable(webConfigRows()),
  };
}

/** The page with the tables between its markers replaced by those of now. */
export function withTables(page: string): string {
  return Object.entries(tables()).reduce((text, [name, table]) => {
    const between = new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- /${name} -->)`);
    return text.replace(between, (_, start: string, end: string) => `${start}${table}${end}`);
  }, page);
}

function metricsTable(): string {
  return tableOfMetrics([...TARGET_METRICS, DURATION_HISTOGRAM], 'further labels');
}

function ownMetricsTable(): string {
  return tableOfMetrics(OWN_METRICS, 'labels');
}

type AnyMetric = Metric<never> | typeof DURATION_HISTOGRAM;

function tableOfMetrics(metrics: readonly AnyMetric[], labels: string): string {
  const rows = metrics.map((metric) => [
    code(expositionName(metric)),
    metric.kind,
    metric.help,
    metric.present ?? 'always',
    labelsOf(metric).map(code).join(', '),
  ]);
  return table(['name', 'type', 'meaning', 'present', labels], rows);
}

function otelTable(): string {
  const rows = OTEL_VARIABLES.map((row) => [code(row.name), row.default && code(row.default), row.help]);
  return table(['variable', 'default', ''], rows);
}

function labelsOf(metric: AnyMetric): readonly string[] {
  if ('label' in metric) return [metric.label];
  return 'constantLabels' in metric ? Object.keys(metric.constantLabels.attributes) : [];
}

function resultsTable(): string {
  return table(
    ['result', 'meaning'],
    Object.entries(RESULTS).map(([name, meaning]) => [code(name), meaning]),
  );
}

function flagsTable(): string {
  const rows = flagRows().map((row) => [
    code(row.flag),
    row.env && code(row.env),
    row.default && code(row.default),
    row.help,
  ]);
  return table(['flag', 'environment', 'default', ''], rows);
}

function endpointsTable(): string {
  const meanings = [...new Set(ENDPOINTS.map(({ meaning }) => meaning))];
  const rows = meanings.map((meaning) => {
    const endpoints = ENDPOINTS.filter((endpoint) => endpoint.meaning === meaning);
    return [endpoints.map(({ path }) => code(path)).join(', '), endpoints[0]?.method ?? '', meaning];
  });
  return table(['path', 'method', ''], rows);
}

function limitsTable(): string {
  const formats = { bytes: formatSize, ms: formatDuration, '': String };
  const rows = Object.values(LIMITS).map(({ what, value, unit, effect }) => [
    what,
    formats[unit](value),
    effect,
  ]);
  return table(['limit', 'value', 'at the limit'], rows);
}

function settingsTable(rows: readonly SettingRow[]): string {
  return table(
    ['key', 'default', ''],
    rows.map((row) => [code(row.key), row.default, row.description]),
  );
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(escaped).join(' | ')} |\n`,
  );
  return lines.join('');
}

function escaped(cell: string): string {
  return cell
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]*)`/g, (text) => text.replaceAll('&lt;', '<'));
}
