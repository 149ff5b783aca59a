/** What is to be reached: a figure of a benchmark and the most it may be. */
export type Goal = {
  readonly benchmark: string;
  readonly figure: string;
  readonly atMost: number;
};

const CPU = ['http 500/s', 'http 1000/s', 'https 500/s', 'https 1000/s'].flatMap((setting) => [
  { benchmark: 'cpu', figure: `${setting} of cloudprober`, atMost: 1 },
  { benchmark: 'cpu', figure: `${setting} of blackbox_exporter`, atMost: 0.6 },
]);

/** All goals; units stand in the names of the figures. */
export const GOALS: readonly Goal[] = [
  ...CPU,
  { benchmark: 'truth', figure: '500/s p50 ms', atMost: 1 },
  { benchmark: 'truth', figure: '500/s p99 ms', atMost: 2.5 },
  { benchmark: 'truth', figure: '500/s p99 ms more than without scrapes', atMost: 1 },
  { benchmark: 'truth', figure: '1000/s p99 ms', atMost: 5 },
  { benchmark: 'truth', figure: '1000/s p99 ms more than without scrapes', atMost: 1 },
  { benchmark: 'scrape', figure: '100 targets ms', atMost: 5 },
  { benchmark: 'scrape', figure: '10000 targets ms', atMost: 700 },
  { benchmark: 'scrape', figure: 'collections for 20 scrapers at once', atMost: 1 },
  { benchmark: 'start', figure: 'listening ms', atMost: 150 },
  { benchmark: 'start', figure: 'first result ms', atMost: 300 },
  { benchmark: 'start', figure: 'idle share of a core', atMost: 0.002 },
  { benchmark: 'start', figure: 'idle RSS MB', atMost: 70 },
  { benchmark: 'growth', figure: 'CPU per probe of 50000 to 1000 targets', atMost: 1.15 },
  { benchmark: 'growth', figure: 'memory per target KB', atMost: 20 },
  { benchmark: 'ten-thousand', figure: 'schedule lag ms', atMost: 50 },
  { benchmark: 'ten-thousand', figure: 'skipped', atMost: 0 },
  { benchmark: 'ten-thousand', figure: 'RSS MB', atMost: 350 },
  { benchmark: 'shards', figure: 'targets not probed exactly by one shard', atMost: 0 },
];
