import { readFileSync } from 'node:fs';

const UNKNOWN = 2000;
const SHARE = 0.8;

/** How many probes may run at once by default: 80 % of the open files that `limits` (of /proc) allows, else 2000. */
export function defaultConcurrency(limits = ownLimits()): number {
  const soft = openFileLimit(limits);
  return soft === undefined ? UNKNOWN : Math.max(1, Math.floor(soft * SHARE));
}

/** How many files the process may have open, as `limits` (of /proc) says; undefined if it does not. */
export function openFileLimit(limits = ownLimits()): number | undefined {
  const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

// Linux alone tells; where it does not, the limit is unknown.
function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
