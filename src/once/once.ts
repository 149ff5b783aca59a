import { styleText } from 'node:util';
import type { Options } from '../config/command-line/options.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { collect } from '../metrics/collection.ts';
import { exposition } from '../metrics/exposition.ts';
import { nowMs } from '../runtime/clock.ts';
import { targetsOfShard } from '../schedule/place.ts';
import { ProbingThread } from '../schedule/probing-thread.ts';
import { Cache } from '../state/cache.ts';
import type { TargetState } from '../state/target-state.ts';
import { jsonReport } from './json.ts';
import { onceTable } from './table.ts';

/** The outcome of one round of probes: the text to print, and the exit code. */
export type Round = { readonly text: string; readonly exitCode: 0 | 1 | 2 };

/** Probes every target once: 0 if all are up, 1 if some are not, 2 if there was nothing to probe. */
export async function probeOnce(
  { targets, concurrency }: Config,
  options: Options,
  log: Log,
): Promise<Round> {
  const cache = new Cache();
  const own = targetsOfShard(targets, options.shard, options.totalShards);
  cache.setTargets(own);
  if (own.length > 0) await runRound(cache, concurrency, log);
  const states = [...cache.states()];
  const isUp = states.every(({ latest }) => latest?.result === 'success');
  return { text: await reportText(cache, states, options), exitCode: own.length === 0 ? 2 : isUp ? 0 : 1 };
}

function runRound(cache: Cache, concurrency: number, log: Log): Promise<void> {
  const missing = new Set([...cache.states()].map(({ target }) => target.key));
  const targets = [...cache.states()].map(({ target }) => target);
  return new Promise((resolve) => {
    const probing = new ProbingThread({
      onBatch: (batch) => {
        // A target with a short interval may end its second probe before others end their first.
        const results = batch.results.filter(({ key }) => missing.delete(key));
        cache.record({ ...batch, results }, nowMs());
        if (missing.size === 0) void probing.stop().then(resolve);
      },
      onFault: (err) => log.error({ err }, 'probing has a fault'),
    });
    probing.setTargets(targets, concurrency);
  });
}

async function reportText(
  cache: Cache,
  states: readonly TargetState[],
  { onceFormat }: Options,
): Promise<string> {
  if (onceFormat === 'json') return jsonReport(states);
  // styleText leaves the colours out if stdout is not a terminal or NO_COLOR is set.
  if (onceFormat === 'table')
    return onceTable(states, (format, text) => styleText(format, text, { stream: process.stdout }));
  const reload = { reloadSuccessful: true, reloadedAtMs: Date.now(), targetFileErrors: 0 };
  return String(await exposition(collect({ cache, reload, collectionErrors: 0, threads: new Map() })));
}
