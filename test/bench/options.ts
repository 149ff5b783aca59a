import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BUNDLE } from './exporter.ts';
import { PEERS } from './peers/find.ts';
import type { Scheme } from './target-server.ts';

/** How the benchmarks are to be run. */
export type BenchOptions = {
  readonly names: readonly string[];
  /** The folder for the JSON of each. */
  readonly json: string;
  /** The entry of the exporter that is measured. */
  readonly main: string;
  /** The entry of another one to be measured beside it. */
  readonly against: string | undefined;
  readonly rates: readonly number[] | undefined;
  /** Numbers of targets. */
  readonly sizes: readonly number[] | undefined;
  readonly schemes: readonly Scheme[];
  readonly peers: readonly string[];
  readonly rounds: number;
  readonly warmS: number;
  /** How long is measured, where not the benchmark says it. */
  readonly seconds: number | undefined;
};

const SCHEMES: readonly Scheme[] = ['http', 'https'];

/** The flags in words. */
export const USAGE = `npm run bench [-- [NAME ...] [FLAG ...]]
  --json=FOLDER      where each benchmark writes NAME.json (dist/bench)
  --main=FILE        the exporter that is measured (dist/main.mjs, made again if a source is younger)
  --against=FILE     another bundle to be measured beside it (cpu, truth)
  --rates=N,N        probes per second
  --sizes=N,N        numbers of targets (scrape, growth)
  --schemes=http,https
  --peers=NAME,NAME  of ${PEERS.join(', ')}, or none (cpu)
  --rounds=N         how often each is measured, in turn (2)
  --warm=SECONDS     before it counts (15)
  --seconds=SECONDS  that count
`;

/** Reads the command line; throws with a sentence what is wrong with it. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string', default: 'dist/bench' },
      main: { type: 'string', default: BUNDLE },
      against: { type: 'string' },
      rates: { type: 'string' },
      sizes: { type: 'string' },
      schemes: { type: 'string' },
      peers: { type: 'string', default: PEERS.join(',') },
      rounds: { type: 'string', default: '2' },
      warm: { type: 'string', default: '15' },
      seconds: { type: 'string' },
    },
  });
  const { against, rates, sizes, schemes, seconds } = values;
  return {
    names: positionals,
    json: resolve(values.json),
    main: resolve(values.main),
    against: against === undefined ? undefined : resolve(against),
    rates: numbers(rates),
    sizes: numbers(sizes),
    schemes: SCHEMES.filter((scheme) => schemes === undefined || list(schemes).includes(scheme)),
    peers: list(values.peers).filter((peer) => PEERS.includes(peer)),
    rounds: Number(values.rounds),
    warmS: Number(values.warm),
    seconds: seconds === undefined ? undefined : Number(seconds),
  };
}

function numbers(text: string | undefined): readonly number[] | undefined {
  return text === undefined ? undefined : list(text).map(Number);
}

function list(text: string): readonly string[] {
  return text.split(',').filter((word) => word !== '');
}
