import { setTimeout as pause } from 'node:timers/promises';
import { tempFolder } from '../support/temp-folder.ts';
import { type Exporter, startExporter, untilReady } from './exporter.ts';
import { getJson } from './get-json.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds, memoryMb, watchMachine } from './proc.ts';
import type { Report } from './report.ts';
import { say } from './say.ts';
import { scrape } from './scraper.ts';
import { type Surroundings, targetServer } from './target-server.ts';

const SHARDS = 4;
const TARGETS = 100_000;
const INTERVAL_S = 60;

/** Four shards of 25,000 targets on one machine, each with the config of all 100,000. */
export async function shards({ main }: BenchOptions): Promise<Report> {
  await using folder = await tempFolder();
  await using target = await targetServer(folder);
  await using running = new AsyncDisposableStack();
  const urls = target.urls('http', TARGETS, '/slow');
  const exporters: Exporter[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    exporters.push(running.use(await startShard(shard, urls, main, { target, folder })));
    say(`shards: ${shard} is up`);
  }
  for (const exporter of exporters) await untilReady(exporter);
  const owners = await ownersOf(exporters);
  await target.served();
  const load = watchMachine();
  const before = exporters.map(({ pid }) => cpuSeconds(pid));
  await pause(INTERVAL_S * 1000);
  const spentS = exporters.map(({ pid }, index) => cpuSeconds(pid) - (before[index] ?? 0));
  const machineIdle = load().idle;
  const served = await target.served();
  const probes = Object.values(served).reduce((sum, answers) => sum + answers.length, 0);
  // Memory counts with a scrape, CPU without.
  for (const { url } of exporters) await scrape(`${url}/metrics`, true, undefined);
  const wrong = urls.filter((url) => owners.get(url)?.length !== 1).length;
  const notSeen = urls.filter((url) => served[new URL(url).pathname] === undefined).length;
  return {
    title: `${SHARDS} shards of ${TARGETS} targets at ${INTERVAL_S} s, together on one machine`,
    rows: exporters.map(({ pid }, shard) => {
      const targets = [...owners.values()].filter((owner) => owner.includes(shard)).length;
      return {
        shard,
        targets,
        'cores used': (spentS[shard] ?? 0) / INTERVAL_S,
        'us per probe': ((spentS[shard] ?? 0) / targets) * 1e6,
        'RSS MB': memoryMb(pid).now,
        'peak MB': memoryMb(pid).peak,
        'machine idle': machineIdle,
      };
    }),
    figures: {
      'targets not probed exactly by one shard': wrong,
      'probes in an interval': probes,
      'not seen': notSeen,
    },
    notes: [
      `in one interval the server saw ${probes} probes; ${notSeen} targets that it did not see (those at its edges)`,
      'peak: while the config of all targets is read, or in the scrape at the end',
    ],
  };
}

function startShard(
  shard: number,
  urls: readonly string[],
  main: string,
  { folder }: Surroundings,
): Promise<Exporter> {
  const flags = [`--shard=${shard}`, `--total-shards=${SHARDS}`];
  return startExporter({ urls, interval: `${INTERVAL_S}s`, folder, main, flags });
}

/** The shards of each URL. */
async function ownersOf(exporters: readonly Exporter[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const owners = new Map<string, number[]>();
  for (const [shard, { url }] of exporters.entries()) {
    const { targets } = await getJson<{ targets: readonly { url: string }[] }>(`${url}/api/v1/targets`);
    for (const target of targets) owners.set(target.url, [...(owners.get(target.url) ?? []), shard]);
  }
  return owners;
}
