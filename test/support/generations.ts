import assert from 'node:assert/strict';

/** A series as it was exported, scraped or pushed. */
export type Exported = {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** When a counter was at 0, where that is known. */
  readonly startMs?: number | undefined;
};

const KEPT = 10;

/** The targets of each generation of a config: some that all have, first, and some of its own. */
export function urlsOf(server: string, generation: number): readonly string[] {
  const own = Array.from(
    { length: 1 + (generation % 5) },
    (_, place) => `${server}own/${generation}/${place}`,
  );
  const kept = Array.from({ length: KEPT }, (_, place) => `${server}kept/${place}`);
  return [...kept, ...own];
}

/** The config of a generation; the settings of the targets that all have change with it. */
export function configOf(server: string, generation: number): string {
  const targets = urlsOf(server, generation).map((url) => ({
    url,
    timeout: `${500 + generation}ms`,
    headers: { Generation: `${generation}` },
  }));
  return JSON.stringify({ interval: '2s', histogram_buckets_ms: [1, 10, 100], targets });
}

/** Ways to break a config. */
export const SPOILS: readonly ((config: string) => string)[] = [
  () => '',
  () => 'targets: [',
  (config) => config.slice(0, config.length / 2),
  (config) => config.replace('"interval"', '"intreval"'),
  (config) => config.replace('"2s"', '"2"'),
  (config) => config.replace('http:', 'ftp:'),
  (config) => config.replace('"headers"', '"tls_config":{"ca_file":"missing.pem"},"headers"'),
];

/** Looks at what is exported again and again on one way while generations follow each other. */
export class Witness {
  readonly #server: string;
  readonly #counters = new Map<string, Exported>();
  #looks = 0;
  #latest = 0;

  constructor(server: string) {
    this.#server = server;
  }

  /** How often it has looked. */
  get looks(): number {
    return this.#looks;
  }

  /** The generation that it saw last. */
  get latest(): number {
    return this.#latest;
  }

  /** Fails unless all is of one generation, none that was over already, and no counter of a kept target fell. */
  look(exported: readonly Exported[]): void {
    const urls = new Set(exported.flatMap(({ labels }) => labels.get('url') ?? []));
    const generations = new Set([...urls].flatMap((url) => /own\/(\d+)/.exec(url)?.[1] ?? []).map(Number));
    assert.equal(generations.size, 1, `of generations ${[...generations]} at once`);
    const [generation = Number.NaN] = generations;
    assert.ok(generation >= this.#latest, `of generation ${generation} after ${this.#latest}`);
    assert.deepEqual([...urls].sort(), urlsOf(this.#server, generation).toSorted());
    for (const series of exported) if (series.name.endsWith('_total')) this.#compare(series);
    this.#latest = generation;
    this.#looks += 1;
  }

  #compare(series: Exported): void {
    const { name, labels, value, startMs } = series;
    if (labels.get('url')?.includes('/own/') === true) return;
    const identity = `${name}${JSON.stringify([...labels].sort())}`;
    const before = this.#counters.get(identity);
    assert.ok(before === undefined || value >= before.value, `${identity} fell: ${before?.value}, ${value}`);
    assert.ok(before === undefined || startMs === before.startMs, `${identity} has a new start`);
    this.#counters.set(identity, series);
  }
}
