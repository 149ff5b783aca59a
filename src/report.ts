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
