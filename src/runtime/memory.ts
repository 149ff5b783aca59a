import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How V8 collects garbage, in this thread and in those that it starts; figures in test/bench/README.md. */
const FLAGS = [
  // So threads that are started later have all of theirs from the start (`maxYoungGenerationSizeMb`).
  '--min-semi-space-size=2',
  // Little survives a scavenge, so that its helper threads cost more than they save.
  '--no-parallel-scavenge',
  // V8 takes Node's sockets for long-lived and puts parts of them into the old generation at once, from where they keep
  // whole probes alive that have ended.
  '--no-allocation-site-pretenuring',
];

// Both halves of the young generation of this thread. Without a limit it takes a hundred megabytes. Without any growth it
// stays as small as V8 makes it between scrapes, and what a scrape needs for a moment is taken for long-lived.
const YOUNG_BYTES = 16 * 1024 * 1024;

/** Sets how garbage is collected; to be called once all code is loaded, and before any thread is started. */
export function settleCollections(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
  limitYoungGeneration();
  // Its size changes only in a collection of garbage. The event comes some turns later, so that it may double once more.
  new PerformanceObserver(limitYoungGeneration).observe({ entryTypes: ['gc'] });
}

// V8 accepts no other limit while it runs; other threads have their own (`maxYoungGenerationSizeMb`).
function limitYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const isSmall = young !== undefined && young.space_size < YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isSmall ? 2 : 1}`);
}

/**
 * Collects all garbage of this thread now. Reading a config leaves much of it, and V8 would keep hundreds of megabytes
 * before its first full collection.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
