import { readOtelSettings } from '../../src/config/command-line/otel.ts';
import { Pipeline } from '../../src/metrics/pipeline.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { Cache } from '../../src/state/cache.ts';
import type { Target } from '../../src/target/target.ts';
import { recordingLog } from './log.ts';
import type { OtlpPoint } from './otlp-points.ts';
import type { OtlpReceiver } from './otlp-receiver.ts';
import { batch } from './scrape.ts';

/** A cache with its ways out, and without anything that probes; disposing of it ends the pushing at once. */
export type RunningPipeline = AsyncDisposable & {
  readonly cache: Cache;
  readonly pipeline: Pipeline;
  readonly log: ReturnType<typeof recordingLog>;
  /** What Prometheus gets. */
  scrape(): Promise<string>;
  /** As after a reload. */
  setTargets(targets: readonly Target[], bucketsMs?: readonly number[]): void;
  /** As when the probing thread sends these. */
  record(...results: readonly ProbeResult[]): void;
};

/** Starts a pipeline of these targets, set by these variables. */
export async function startPipeline(
  targets: readonly Target[],
  env: Readonly<Record<string, string>>,
): Promise<RunningPipeline> {
  const { settings, faults } = readOtelSettings(env);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const cache = new Cache();
  const log = recordingLog();
  const reloadFigures = () => ({
    reloadSuccessful: true,
    reloadedAtMs: 1_700_000_000_500,
    targetFileErrors: 0,
  });
  const pipeline = new Pipeline({ cache, reloadFigures, otel: settings, log });
  const setTargets: RunningPipeline['setTargets'] = (next, bucketsMs) => {
    cache.setTargets(next);
    pipeline.follow(bucketsMs);
  };
  setTargets(targets);
  await pipeline.start();
  return {
    cache,
    pipeline,
    log,
    scrape: async () => String(await pipeline.scrape()),
    setTargets,
    record(...results) {
      const sent = batch(results);
      cache.record(sent, nowMs());
      pipeline.record(sent);
    },
    [Symbol.asyncDispose]: () => pipeline.stop(0),
  };
}

/** The variables that make it push to this receiver every second, and more; a push that takes longer has failed. */
export function pushEverySecondTo(
  { url }: OtlpReceiver,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '1000', ...more };
}

/** What was pushed as /metrics would have it, sorted. */
export function linesOf(
  { points }: { readonly points: readonly OtlpPoint[] } = { points: [] },
): readonly string[] {
  return points.flatMap(({ lines }) => lines).sort();
}
