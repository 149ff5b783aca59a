const UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a Prometheus duration such as `500ms`, `10s`, `1m30s`; undefined if `text` is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const amounts = DURATION.exec(text)?.slice(1);
  if (amounts === undefined || text === '') return undefined;
  const ms = UNITS.reduce((sum, [, unitMs], index) => sum + Number(amounts[index] ?? 0) * unitMs, 0);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** The shortest Prometheus duration of whole milliseconds in hours, minutes, seconds and milliseconds. */
export function formatDuration(ms: number): string {
  let left = ms;
  let text = '';
  for (const [unit, unitMs] of UNITS.slice(3)) {
    const amount = Math.floor(left / unitMs);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * unitMs;
  }
  return text || '0s';
}

/** What a duration setting may be. */
export type DurationBounds = { readonly minMs: number; readonly maxMs: number };

/** The bounds of `interval` and `timeout`. */
export const INTERVAL = { minMs: 100, maxMs: 24 * 3_600_000 } as const;
export const TIMEOUT = { minMs: 1, maxMs: 24 * 3_600_000 } as const;

/** Milliseconds of a duration within `bounds`; undefined if it is none or outside. */
export function boundedDuration(text: string, { minMs, maxMs }: DurationBounds): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined || ms < minMs || ms > maxMs ? undefined : ms;
}

/** The message for a text that is not a duration within the bounds. */
export function notADuration({ minMs, maxMs }: DurationBounds): string {
  const range = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return `is not a duration from ${range} (such as 500ms, 10s, 1m30s)`;
}
