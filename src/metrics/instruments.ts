import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { nowMs } from '../probe/clock.ts';
import type { Cache } from '../schedule/cache.ts';
import { type Metric, valuesOf } from './metric.ts';
import { type Observation, observationOf } from './observation.ts';
import { OWN_METRICS, type OwnFacts } from './own-metrics.ts';
import { processFacts } from './process.ts';
import { labelsOf, SeriesLabels } from './series.ts';
import { TARGET_METRICS } from './target-metrics.ts';
import { Threads } from './threads.ts';

/** What is not in the cache but told about the exporter. */
export type AppFacts = Pick<
  OwnFacts,
  'reloadSuccessful' | 'reloadedAtMs' | 'targetFileErrors' | 'collectionErrors'
>;

/** Where the values come from at each collection. */
export type Sources = {
  readonly cache: Cache;
  readonly appFacts: () => AppFacts;
  /** What is known of the threads; by default nothing. */
  readonly threads?: Threads;
  /** The tables; others than the exporter's own only in tests. */
  readonly targetMetrics?: readonly Metric<Observation>[];
  readonly ownMetrics?: readonly Metric<OwnFacts>[];
};

type Instrument<Source> = {
  readonly metric: Metric<Source>;
  readonly observable: Observable;
  /** Where the labels depend on nothing but the metric. */
  readonly labels: SeriesLabels;
};

/**
 * Makes the instruments, and one callback for all of them: each collection is a picture of one moment.
 * What cannot be observed is left out and makes the collection fail with the reasons.
 */
export function instrument(meter: Meter, sources: Sources): void {
  const { cache, targetMetrics = TARGET_METRICS, ownMetrics = OWN_METRICS } = sources;
  const ofTargets = targetMetrics.map((metric) => makeInstrument(meter, metric));
  const ofUs = ownMetrics.map((metric) => makeInstrument(meter, metric));
  const observables = [...ofTargets, ...ofUs].map(({ observable }) => observable);
  // The first of each metric: what is wrong with one target is often wrong with all.
  const faults = new Map<string, Error>();
  meter.addBatchObservableCallback((result) => {
    faults.clear();
    const now = nowMs();
    for (const state of cache.states()) {
      const observation = observationOf(state, now);
      for (const each of ofTargets) observe(result, each, observation, labelsOf(state), faults);
    }
    const facts = factsOf(sources, now);
    for (const each of ofUs) observe(result, each, facts, each.labels, faults);
  }, observables);
  // The SDK drops all that a throwing callback has observed, so a second one tells what the first has met.
  meter.addBatchObservableCallback(() => {
    if (faults.size > 0) throw new AggregateError(faults.values(), 'some metrics could not be observed');
  }, observables);
}

function makeInstrument<Source>(meter: Meter, metric: Metric<Source>): Instrument<Source> {
  const { name, kind, help, constantLabels = {} } = metric;
  const options = { description: help };
  const observable =
    kind === 'gauge'
      ? meter.createObservableGauge(name, options)
      : meter.createObservableCounter(name, options);
  return { metric, observable, labels: new SeriesLabels(constantLabels) };
}

function factsOf({ cache, appFacts, threads = new Threads() }: Sources, now: number): OwnFacts {
  const { targets, inFlight, skipped } = cache;
  const runtime = { process: processFacts(), threads: threads.facts(now) };
  return { targets, inFlight, skipped, lagMs: cache.lagMs(now), ...appFacts(), ...runtime };
}

function observe<Source>(
  result: BatchObservableResult,
  { metric, observable }: Instrument<Source>,
  source: Source,
  labels: SeriesLabels,
  faults: Map<string, Error>,
): void {
  try {
    for (const [labelValue, value] of valuesOf(metric, source)) {
      const attributes = 'label' in metric ? labels.with(metric.label, labelValue ?? '') : labels.all();
      result.observe(observable, value, attributes);
    }
  } catch (cause) {
    if (faults.has(metric.name)) return;
    faults.set(metric.name, new Error(`${metric.name} could not be observed`, { cause }));
  }
}
