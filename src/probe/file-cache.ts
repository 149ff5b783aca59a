import { readFileSync, statSync } from 'node:fs';
import { nowMs } from '../runtime/clock.ts';
import { isResourceShortage } from '../runtime/shortage.ts';

const RECHECK_MS = 1000;

/**
 * Keeps what `load` makes of files, and makes it again when one of them has changed, which is checked once a second at most.
 * An error of `load` is thrown at each use until it succeeds.
 */
export function cacheFiles<T>(paths: readonly string[], load: () => T): () => T {
  let current: { readonly version: string; readonly value: T } | undefined;
  let checkedMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (current !== undefined && nowMs() - checkedMs < RECHECK_MS) return current.value;
    const version = paths.map(versionOf).join();
    if (current?.version !== version) current = { version, value: load() };
    checkedMs = nowMs();
    return current.value;
  };
}

// The inode shows that a file was replaced within the same millisecond.
function versionOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'missing' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/**
 * Parses a file of the system; one that cannot be read counts as empty, as it does for the C library, except on a resource
 * shortage: it would count as empty until it changes.
 */
export function cacheSystemFile<T>(path: string, parse: (text: string) => T): () => T {
  return cacheFiles([path], () => parse(textOrEmpty(path)));
}

function textOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isResourceShortage(error)) throw error;
    return '';
  }
}
