import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { type CollectOptions, collect } from '../../src/metrics/collection.ts';
import { exposition } from '../../src/metrics/exposition.ts';
import type { ReloadFigures } from '../../src/metrics/own-metrics.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import type { ResultsMessage } from '../../src/schedule/messages.ts';
import { Cache } from '../../src/state/cache.ts';
import type { Target } from '../../src/target/target.ts';

/** A cache with its metrics, as the exporter puts them together, and without anything that probes. */
export type Scraped = {
  readonly cache: Cache;
  /** Set them as the test needs. */
  readonly figures: { collectionErrors: number; reload: ReloadFigures };
  readonly collect: () => Promise<CollectionResult>;
  readonly scrape: () => Promise<string>;
};

/** Makes a cache of these targets and what collects its metrics. */
export function scraped(targets: readonly Target[], options: Partial<CollectOptions> = {}): Scraped {
  const cache = new Cache();
  cache.setTargets(targets);
  const reload = { reloadSuccessful: true, reloadedAtMs: 1_700_000_000_500, targetFileErrors: 0 };
  const figures = { collectionErrors: 0, reload };
  const pages = () => collect({ cache, ...figures, threads: new Map(), ...options });
  return {
    cache,
    figures,
    collect: () => whole(pages()),
    scrape: async () => String(await exposition(pages())),
  };
}

/** The pages of a collection as one. */
async function whole(pages: AsyncIterable<CollectionResult>): Promise<CollectionResult> {
  const all = await Array.fromAsync(pages);
  const [first] = all;
  if (first === undefined) throw new Error('a collection has no pages');
  const { resource } = first.resourceMetrics;
  return {
    resourceMetrics: { resource, scopeMetrics: all.flatMap((page) => page.resourceMetrics.scopeMetrics) },
    errors: all.flatMap(({ errors }) => errors),
  };
}

/** Waits until the next scrape has a collection of its own: those of one moment share one. */
export async function nextMoment(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
}

/** A result of the target, a success of just now but for what the test sets. */
export function resultOf({ key }: Target, overrides: Partial<ProbeResult> = {}): ProbeResult {
  const endedMs = nowMs();
  return {
    key,
    result: 'success',
    startedMs: endedMs - 123.4,
    endedMs,
    endedAtMs: 1_700_000_001_250,
    responseMs: 123.4,
    phases: { dns: 3.4, connect: 20, wait: 90, transfer: 10 },
    statusCode: 200,
    redirects: 0,
    bodyBytes: 6,
    ...overrides,
  };
}

/** A failure before anything but the look-up was done. */
export function dnsError(of: Target, overrides: Partial<ProbeResult> = {}): ProbeResult {
  const { key, startedMs, endedMs, endedAtMs } = resultOf(of);
  return {
    key,
    result: 'dns_error',
    startedMs,
    endedMs,
    endedAtMs,
    responseMs: 5,
    phases: { dns: 5 },
    ...overrides,
  };
}

/** What the probing thread sends when it has these results. */
export function batch(
  results: readonly ProbeResult[],
  overrides: Partial<ResultsMessage> = {},
): ResultsMessage {
  const thread = { loopDelayMs: 0, gcMs: 0, heapUsedBytes: 0 };
  const report = { inFlight: 0, skipped: 0, lagMs: 0, thread, warnings: [] };
  return { results, sentMs: 0, probingSinceMs: 0, ...report, ...overrides };
}
