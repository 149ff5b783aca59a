import type { Row } from './report.ts';
import { median } from './statistics.ts';
import type { Scheme } from './target-server.ts';

/** What one prober cost in one run. */
export type Cost = {
  readonly name: string;
  readonly scheme: Scheme;
  readonly rate: number;
  readonly round: number;
  readonly microseconds: number;
  readonly probesPerSecond: number;
  readonly connectionsPerProbe: number;
  readonly memoryMb: number;
  readonly machineIdle: number;
  readonly groups: string;
};

/** The name of the exporter with its defaults. */
export const OURS = 'exporter';

/** The costs of one contender in one setting, over all rounds. */
function grouped(costs: readonly Cost[]): readonly (readonly [Cost, ...Cost[]])[] {
  const groups = Object.values(
    Object.groupBy(costs, ({ scheme, rate, name }) => `${scheme} ${rate} ${name}`),
  );
  return groups.flatMap((group) => {
    const [first, ...rest] = group ?? [];
    return first === undefined ? [] : [[first, ...rest] as const];
  });
}

/** Our cost against that of another in the same round: the median over the rounds. */
function ratio(costs: readonly Cost[], mine: Cost, other: string): number | undefined {
  const inRound = (name: string, round: number) =>
    costs.find(
      (cost) =>
        cost.name === name && cost.scheme === mine.scheme && cost.rate === mine.rate && cost.round === round,
    )?.microseconds;
  const rounds = [...new Set(costs.map(({ round }) => round))];
  const ratios = rounds.flatMap((round) => {
    const [ourCost, theirs] = [inRound(mine.name, round), inRound(other, round)];
    return ourCost === undefined || theirs === undefined ? [] : [ourCost / theirs];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

/** A row for each contender in each setting: the medians over its rounds. */
export function rowsOf(costs: readonly Cost[]): readonly Row[] {
  return grouped(costs).map((group) => {
    const [first] = group;
    const middle = (value: (cost: Cost) => number) => median(group.map(value));
    return {
      scheme: first.scheme,
      'asked /s': first.rate,
      prober: first.name,
      'of cloudprober': ratio(costs, first, 'cloudprober'),
      'of blackbox': ratio(costs, first, 'blackbox_exporter'),
      'us per probe': middle(({ microseconds }) => microseconds),
      'probes /s': middle(({ probesPerSecond }) => probesPerSecond),
      'connections per probe': middle(({ connectionsPerProbe }) => connectionsPerProbe),
      'RSS MB': middle((cost) => cost.memoryMb),
      'machine idle': middle(({ machineIdle }) => machineIdle),
      'key exchange': first.groups,
    };
  });
}

/** What goals are set for. */
export function figuresOf(costs: readonly Cost[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [first] of grouped(costs).filter(([{ name }]) => name === OURS)) {
    for (const peer of ['cloudprober', 'blackbox_exporter']) {
      const value = ratio(costs, first, peer);
      if (value !== undefined) figures[`${first.scheme} ${first.rate}/s of ${peer}`] = value;
    }
  }
  return figures;
}
