import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

// Enough that a probe goes first where a scrape needs the same processor. With a larger one, scrapes would also wait for
// all other processes of a busy host, see test/bench/README.md.
const NICE = 2;

/** Where Linux lists the threads of this process. */
const THREADS = '/proc/self/task';
const HELPERS = ['V8Worker', 'libuv-worker'];

/**
 * Gives the calling thread a lower priority than those that run already, so that a scrape does not delay a probe, whose
 * time is being measured. The threads in which V8 collects garbage and libuv compresses get the same. On Linux a priority
 * belongs to a thread, elsewhere to the whole process.
 */
export function yieldToProbing(): void {
  if (process.platform !== 'linux') return;
  for (const thread of [process.pid, ...findHelpers()]) {
    // Only root may lower a nice value again.
    if (getPriority(thread) < NICE) setPriority(thread, NICE);
  }
}

function findHelpers(): readonly number[] {
  if (!existsSync(THREADS)) return [];
  return readdirSync(THREADS)
    .filter((thread) => HELPERS.includes(readName(thread)))
    .map(Number);
}

function readName(thread: string): string {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim();
  } catch {
    // It has ended in the meantime, or may not be read.
    return '';
  }
}
