const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** A length of time in one unit, read at a glance: `3 s`, `12 min`, `5 h`, `40 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  for (const [unit, length] of UNITS)
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${unit}`;
  return `${seconds} s`;
}

/** A response time with as many digits as matter: `0.8 ms`, `123 ms`, `12.4 s`. */
export function formatResponseTime(ms: number): string {
  if (ms >= 9950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Whole days from one moment to another; negative if that is past. */
export function daysBetween(fromMs: number, toMs: number): number {
  // Never -0, which would be shown as such.
  return Math.trunc((toMs - fromMs) / 86_400_000) + 0;
}
