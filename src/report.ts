import type { ProbeResult } from './probe/result.ts';
import type { TargetState } from './schedule/cache.ts';

/** The results of a round as JSON: one object for each target, with what a result has and its times in ISO 8601. */
export function jsonReport(states: readonly TargetState[]): string {
  return `${JSON.stringify(states.map(facts), undefined, 2)}\n`;
}

function facts({ target, latest }: TargetState): object {
  const { url, labels } = target;
  return { url, labels, up: latest?.result === 'success', ...(latest && told(latest)) };
}

function told({
  key: _key,
  startedMs: _started,
  endedMs: _ended,
  endedAtMs,
  ...result
}: ProbeResult): object {
  return { ...result, probedAt: new Date(endedAtMs).toISOString() };
}

const HEADINGS = ['UP', 'RESULT', 'STATUS', 'MS', 'URL', 'WHY'];

/** The results of a round as a table for people. */
export function tableReport(states: readonly TargetState[]): string {
  const rows = [HEADINGS, ...states.map(row)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((cells) => `${line(cells).trimEnd()}\n`).join('');
}

function row({ target, latest }: TargetState): readonly string[] {
  const { result = '', statusCode = '', responseMs, reason = '' } = latest ?? {};
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}=${value}`);
  return [
    result === 'success' ? 'yes' : 'no',
    result,
    String(statusCode),
    responseMs?.toFixed(1) ?? '',
    [target.url, ...labels].join(' '),
    reason,
  ];
}
