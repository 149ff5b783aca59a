import { readFileSync, statSync } from 'node:fs';
import { nowMs } from '../runtime/clock.ts';
import { isResourceShortage } from '../runtime/shortage.ts';

const RECHECK_MS = 1000;

/**
 * Keeps what was made from files, and makes it again once one of them changed, looked at once a second at most.
 * What `load` throws is thrown on, at each use until it succeeds.
 */
export function reread<T>(paths: readonly string[], load: () => T): () => T {
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

// The inode tells of a file that was replaced within the same millisecond.
function versionOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'missing' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/**
 * A file of the system, parsed; one that cannot be read counts as empty, as it does for the C library, unless that is
 * a want of our own: it would be taken for empty until it changes.
 */
export function systemFile<T>(path: string, parse: (text: string) => T): () => T {
  return reread([path], () => parse(textOrEmpty(path)));
}

function textOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isResourceShortage(error)) throw error;
    return '';
  }
}
