import type { ProcessUsage } from './subject.ts';

/** Something that must not grow, at the end of the warm-up and at the end. */
export type Measure = {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: number;
  readonly unit: 'MB' | '';
};

const MB = 1_000_000;

/** What may be had more of at the end than after the warm-up, both times while idle and after a collection. */
const ALLOWED = {
  // What V8 compiles and learns on its way; a leak of 40 bytes a probe shows in it after 2 minutes.
  heap: 3 * MB,
  external: 2 * MB,
  // What the allocators below V8 keep, in pieces; after 20 minutes at 2000 probes a second 30 bytes of each would show.
  residentShare: 0.2,
  // Connections of pushes that are kept open.
  descriptors: 4,
  threads: 1,
  resources: 4,
} as const;

/** Compares what the process held at two moments of rest. */
export function measuresOf(before: ProcessUsage, after: ProcessUsage): readonly Measure[] {
  const names = new Set([...before.heaps, ...after.heaps].map(({ name }) => name));
  return [
    {
      name: 'resident memory while idle',
      before: before.residentBytes,
      after: after.residentBytes,
      allowed: before.residentBytes * ALLOWED.residentShare,
      unit: 'MB',
    },
    count('descriptors', before.descriptors, after.descriptors, ALLOWED.descriptors),
    count('threads', before.threads, after.threads, ALLOWED.threads),
    ...[...names].flatMap((name) => ofThread(name, before, after)),
  ];
}

/** Compares the resident memory under load: the middles of two stretches of time. */
export function underLoad(bytes: readonly number[], warmUpShare: number): Measure {
  const at = (share: number) => Math.floor(bytes.length * share);
  const before = median(bytes.slice(at(warmUpShare), at(2 * warmUpShare)));
  const after = median(bytes.slice(at(1 - warmUpShare)));
  return {
    name: 'resident memory under load',
    before,
    after,
    allowed: before * ALLOWED.residentShare,
    unit: 'MB',
  };
}

/** Whether it grew by more than is allowed. */
export function isBreached({ before, after, allowed }: Measure): boolean {
  return !(after - before <= allowed);
}

function ofThread(name: string, before: ProcessUsage, after: ProcessUsage): readonly Measure[] {
  const most = ({ heaps }: ProcessUsage, key: 'heapUsedBytes' | 'externalBytes' | 'resources') =>
    Math.max(0, ...heaps.filter((heap) => heap.name === name).map((heap) => heap[key]));
  const bytes = (what: string, key: 'heapUsedBytes' | 'externalBytes', allowed: number): Measure => ({
    name: `${name}: ${what}`,
    before: most(before, key),
    after: most(after, key),
    allowed,
    unit: 'MB',
  });
  return [
    bytes('heap', 'heapUsedBytes', ALLOWED.heap),
    bytes('outside the heap', 'externalBytes', ALLOWED.external),
    count(
      `${name}: timers and handles`,
      most(before, 'resources'),
      most(after, 'resources'),
      ALLOWED.resources,
    ),
  ];
}

function count(name: string, before: number, after: number, allowed: number): Measure {
  return { name, before, after, allowed, unit: '' };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
