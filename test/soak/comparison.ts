import type { ResultName } from '../../src/probe/result.ts';
import type { Aim } from './plan.ts';
import type { ProbeCounts } from './probe-counts.ts';
import { type Due, type ServedCounts, timesOf } from './served-counts.ts';
import { isTimeout, type Wrong } from './stalls.ts';

/** What was found of the targets of one kind. */
export type KindTotals = {
  readonly kind: string;
  targets: number;
  /** Probes that the exporter reports. */
  probes: number;
  /** What the servers counted. */
  served: number;
  /** Probes that it could not carry out. */
  noVerdict: number;
  readonly results: Set<ResultName>;
};

/** The books at a moment at which nobody is probed. */
export type Comparison = { readonly kinds: readonly KindTotals[]; readonly faults: readonly string[] };

/** What the servers were to blame for. */
export type Excuses = {
  /** Timeouts of targets that must not have any. */
  readonly wrong: readonly Wrong[];
  /** How often they stood still: that much a target that hangs may not have been served. */
  readonly stalls: number;
};

/** Compares what the exporter reports of each target with what the servers counted for it. */
export function compareCounts(
  aims: readonly Aim[],
  exported: ProbeCounts,
  served: ServedCounts,
  excuses: Excuses,
): Comparison {
  const excused = Map.groupBy(excuses.wrong, ({ url }) => url);
  const kinds = new Map<string, KindTotals>();
  const faults: string[] = [];
  for (const aim of aims) {
    const counts = exported.get(aim.url) ?? new Map<ResultName, number>();
    enter(kindOf(kinds, aim), aim, counts, served);
    const found = faultsOf(aim, without(counts, excused.get(aim.url)), served, excuses.stalls);
    faults.push(...found.map((fault) => `${aim.kind.name}, ${aim.url}: ${fault}`));
  }
  const known = new Set(aims.map(({ url }) => url));
  for (const url of exported.keys())
    if (!known.has(url)) faults.push(`${url}: is exported, but is no target`);
  return { kinds: [...kinds.values()], faults };
}

function kindOf(kinds: Map<string, KindTotals>, { kind: { name } }: Aim): KindTotals {
  const empty = {
    kind: name,
    targets: 0,
    probes: 0,
    served: 0,
    noVerdict: 0,
    results: new Set<ResultName>(),
  };
  const totals = kinds.get(name) ?? empty;
  kinds.set(name, totals);
  return totals;
}

type Counts = ReadonlyMap<ResultName, number>;

function enter(totals: KindTotals, { url }: Aim, counts: Counts, served: ServedCounts): void {
  totals.targets += 1;
  totals.served += timesOf(served, url);
  totals.noVerdict += counts.get('internal_error') ?? 0;
  for (const [result, count] of counts) {
    totals.probes += count;
    if (count > 0) totals.results.add(result);
  }
}

// What is excused counts as what could not be carried out: nobody knows whether it was served.
function without(counts: Counts, excused: readonly Wrong[] = []): Counts {
  const left = new Map(counts);
  for (const { result, times } of excused) {
    left.set(result, (left.get(result) ?? 0) - times);
    left.set('internal_error', (left.get('internal_error') ?? 0) + times);
  }
  return left;
}

function faultsOf(
  { url, kind }: Aim,
  counts: Counts,
  served: ServedCounts,
  stalls: number,
): readonly string[] {
  const faults: string[] = [];
  if (counts.size === 0) faults.push('is not exported');
  for (const [result, count] of counts) {
    if (count > 0 && !isAllowed(result, kind.results)) faults.push(`${count} times ${result}`);
  }
  if (kind.reaches === 'never' && timesOf(served, url) > 0) faults.push('was reached');
  if (kind.reaches === 'once') faults.push(...missing(counts, served.get(url) ?? new Map(), stalls));
  return faults;
}

/** Whether a kind of target may have this result; one that we could not carry out says nothing about it. */
export function isAllowed(result: ResultName, allowed: readonly ResultName[]): boolean {
  return result === 'internal_error' || allowed.includes(result);
}

// Of a probe that could not be carried out nobody knows whether it was served.
function missing(counts: Counts, served: ReadonlyMap<Due, number>, stalls: number): readonly string[] {
  let leeway = counts.get('internal_error') ?? 0;
  return [...duesOf(counts, served)].flatMap((due) => {
    const times = served.get(due) ?? 0;
    const probes = toldOf(due, counts);
    leeway -= Math.max(0, times - probes);
    const unserved = isTimeout(due) ? stalls : 0;
    const isRight = times > probes ? leeway >= 0 : times + unserved >= probes;
    return isRight ? [] : [`${due} is exported ${probes} times and was served ${times} times`];
  });
}

/** What was due, and what was exported without being due. */
function duesOf(counts: Counts, served: ReadonlyMap<Due, number>): ReadonlySet<Due> {
  const results = new Set([...served.keys()].flatMap((due) => due.split('|')));
  const others = [...counts.keys()].filter((result) => result !== 'internal_error' && !results.has(result));
  return new Set<Due>([...served.keys(), ...others]);
}

function toldOf(due: Due, counts: Counts): number {
  const verdicts = due.split('|');
  return [...counts].reduce((sum, [result, count]) => sum + (verdicts.includes(result) ? count : 0), 0);
}
