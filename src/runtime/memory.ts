import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How V8 is to collect garbage, in this thread and in those that it starts; each with what it brought. */
const FLAGS = [
  // So threads that are started later have all of theirs from the start (`maxYoungGenerationSizeMb`).
  '--min-semi-space-size=2',
  // Little survives a scavenge, so that its helper threads cost more than they save: at 500 probes/s 18 us of each.
  '--no-parallel-scavenge',
  // V8 takes the sockets that Node makes for long-lived and puts parts of them into the old generation at once, from where
  // they keep all that they refer to alive, though dead: of the garbage of a probe 8.7 KB outlived scavenges, without this
  // 2 to 5 KB do, and the processor time of a probe at 500/s is a sixth less.
  '--no-allocation-site-pretenuring',
];

// Both halves of the young generation of this thread. Left to itself it doubles up to 134 MB: with 2,000 targets, a scrape
// each second and a reload each ten, at most 252 to 288 MB were resident instead of 346 to 370 with 8 MB a half, for 7 % of
// the processor time. Kept from growing at all, it stays at the 1 MB a half to which V8 shrinks it between scrapes: what a
// scrape needs for a moment is then taken for long-lived, and a probe at 500/s costs 503 to 577 us in all instead of 474
// to 492.
const YOUNG_BYTES = 16 * 1024 * 1024;

/** Settles how garbage is collected; to be called once all code is loaded, and before any thread is started. */
export function settleCollections(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
  boundYoungGeneration();
  // Its size changes in a collection of garbage and at no other time. Heard of some turns later, the bound may be passed by
  // one doubling.
  new PerformanceObserver(boundYoungGeneration).observe({ entryTypes: ['gc'] });
}

// V8 takes no other bound once it runs; the threads that are started have one of their own (`maxYoungGenerationSizeMb`).
function boundYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const isSmall = young !== undefined && young.space_size < YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isSmall ? 2 : 1}`);
}

/**
 * Collects all garbage of this thread now. Left to itself V8 lets hundreds of megabytes pile up before it first finds
 * out how little of the heap is alive, and reading a config leaves much: with 5,000 targets 292 MB resident against 260.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
