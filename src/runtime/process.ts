import { readdirSync, readFileSync } from 'node:fs';
import { isResourceShortage } from './shortage.ts';

/** What the operating system knows of the process at one moment. */
export type ProcessFigures = {
  /** Unix seconds. */
  readonly startTimeSeconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  /** Unknown while there is no descriptor to ask with. */
  readonly residentMemoryBytes: number | undefined;
  /** Known on Linux only. */
  readonly openFds: number | undefined;
  /** Known on Linux only. */
  readonly maxFds: number | undefined;
};

/** When the process started, Unix milliseconds. */
export const STARTED_AT_MS = performance.timeOrigin;

export function readProcessFigures(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  return {
    startTimeSeconds: STARTED_AT_MS / 1000,
    cpuSeconds: (user + system) / 1e6,
    residentMemoryBytes: residentMemoryBytes(),
    openFds: openFds(),
    maxFds: openFileLimit(),
  };
}

function residentMemoryBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch (error) {
    // All other metrics would be lost with this one.
    if (isResourceShortage(error)) return undefined;
    throw error;
  }
}

function openFds(): number | undefined {
  try {
    // Reading the folder takes a descriptor itself.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

/** How many files the process may have open, as `limits` (of /proc) says; undefined if it does not. */
export function openFileLimit(limits = ownLimits()): number | undefined {
  const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

// Only Linux has this file; elsewhere the limit is unknown.
function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
