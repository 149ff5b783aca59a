import { readdirSync } from 'node:fs';
import { openFileLimit } from '../config/concurrency.ts';

/** What the operating system knows of the process at one moment. */
export type ProcessFacts = {
  /** Unix seconds. */
  readonly startTimeSeconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  readonly residentMemoryBytes: number;
  /** Known on Linux only. */
  readonly openFds: number | undefined;
  /** Known on Linux only. */
  readonly maxFds: number | undefined;
};

/** When the process started, Unix milliseconds. */
export const STARTED_AT_MS = performance.timeOrigin;

export function processFacts(): ProcessFacts {
  const { user, system } = process.cpuUsage();
  return {
    startTimeSeconds: STARTED_AT_MS / 1000,
    cpuSeconds: (user + system) / 1e6,
    residentMemoryBytes: process.memoryUsage.rss(),
    openFds: openFds(),
    maxFds: openFileLimit(),
  };
}

function openFds(): number | undefined {
  try {
    // Reading the folder takes a descriptor itself.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}
