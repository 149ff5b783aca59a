import type { ResultName } from '../../src/probe/result.ts';

/** The verdict that a probe must come to, by how it was served; both where chance decides. */
export type Due = ResultName | 'connection_closed|connect_error';

/** How often each target was served, by the verdict that is due. */
export type ServedCounts = ReadonlyMap<string, ReadonlyMap<Due, number>>;

/** Counts what the servers have served. */
export class Served {
  readonly #counts = new Map<string, Map<Due, number>>();

  add(url: string, due: Due): void {
    const counts = this.#counts.get(url) ?? new Map<Due, number>();
    this.#counts.set(url, counts);
    counts.set(due, (counts.get(due) ?? 0) + 1);
  }

  /** How often a target was served, whatever is due. */
  times(url: string): number {
    return timesOf(this.#counts, url);
  }

  get counts(): ServedCounts {
    return this.#counts;
  }
}

/** How often a target was served, whatever is due. */
export function timesOf(counts: ServedCounts, url: string): number {
  let times = 0;
  for (const count of counts.get(url)?.values() ?? []) times += count;
  return times;
}
