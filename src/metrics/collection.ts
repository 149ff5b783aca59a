import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { nowMs } from '../runtime/clock.ts';
import { readProcessFigures } from '../runtime/process.ts';
import type { ThreadFigures } from '../runtime/thread-watch.ts';
import type { Cache } from '../state/cache.ts';
import type { TargetState } from '../state/target-state.ts';
import { collectOnce } from './instruments.ts';
import type { Metric } from './metric.ts';
import { OWN_METRICS, type OwnFigures, type ReloadFigures } from './own-metrics.ts';
import { labelsOf, OWN_LABELS } from './series.ts';
import { type Observation, observationOf, TARGET_METRICS } from './target-metrics.ts';

/** What a collection is made with. */
export type CollectOptions = {
  readonly cache: Cache;
  readonly reload: ReloadFigures;
  readonly collectionErrors: number;
  /** By the value of the label `thread`. */
  readonly threads: ReadonlyMap<string, ThreadFigures>;
  /** Other tables than the exporter's own, for tests. */
  readonly targetMetrics?: readonly Metric<Observation>[];
  readonly ownMetrics?: readonly Metric<OwnFigures>[];
};

// The event loop turns between pages, and most garbage of a page dies young; see test/bench/README.md.
const TARGETS_PER_PAGE = 100;

/** Collects all metrics, one page of targets after the other. Each page shows one moment. */
export async function* collect(options: CollectOptions): AsyncGenerator<CollectionResult> {
  const { cache, targetMetrics = TARGET_METRICS, ownMetrics = OWN_METRICS } = options;
  // A copy: a reload in between must not mix two sets of targets.
  const states = [...cache.states()];
  for (let from = 0; from < states.length; from += TARGETS_PER_PAGE) {
    const page = states.slice(from, from + TARGETS_PER_PAGE);
    yield await collectOnce(targetMetrics, () => observeTargets(page));
    await nextTurn();
  }
  yield await collectOnce(ownMetrics, () => [{ subject: ownFigures(options), labels: OWN_LABELS }]);
}

function observeTargets(states: readonly TargetState[]) {
  const now = nowMs();
  return states.map((state) => ({ subject: observationOf(state, now), labels: labelsOf(state) }));
}

function ownFigures({ cache, reload, collectionErrors, threads }: CollectOptions): OwnFigures {
  const { targets, inFlight, skipped } = cache;
  const ofProbing = { targets, inFlight, skipped, lagMs: cache.lagMs(nowMs()) };
  return { ...ofProbing, ...reload, collectionErrors, threads, process: readProcessFigures() };
}
