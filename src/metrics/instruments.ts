import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { type Declaration, type Metric, valuesOf } from './metric.ts';
import { SeriesLabels } from './series.ts';

/** Something that metrics are told of; without labels of its own its series have those of the metric alone. */
export type Observed<Source> = { readonly source: Source; readonly labels?: SeriesLabels };

type Instrument<Source> = {
  readonly metric: Metric<Source>;
  readonly observable: Observable;
  /** Where the labels depend on nothing but the metric. */
  readonly labels: SeriesLabels;
};

/**
 * Makes the instruments of these metrics, and one callback for all of them: each collection is a picture of one
 * moment. What cannot be observed is left out and makes the collection fail with the reasons.
 */
export function instrument<Source>(
  meter: Meter,
  metrics: readonly Metric<Source>[],
  observed: () => Iterable<Observed<Source>>,
): void {
  const instruments = metrics.map((metric) => makeInstrument(meter, metric));
  const observables = instruments.map(({ observable }) => observable);
  // The first of each metric: what is wrong with one target is often wrong with all.
  const faults = new Map<string, Error>();
  meter.addBatchObservableCallback((result) => {
    faults.clear();
    for (const { source, labels } of observed()) {
      for (const each of instruments) observe(result, each, source, labels ?? each.labels, faults);
    }
  }, observables);
  // The SDK drops all that a throwing callback has observed, so a second one tells what the first has met.
  meter.addBatchObservableCallback(() => {
    if (faults.size > 0) throw new AggregateError(faults.values(), 'some metrics could not be observed');
  }, observables);
}

// By the metric: what is known of a series by its attributes has to outlive the collection.
const constant = new WeakMap<Declaration, SeriesLabels>();

function constantLabelsOf(metric: Declaration): SeriesLabels {
  const labels = constant.get(metric) ?? new SeriesLabels(metric.constantLabels ?? {});
  constant.set(metric, labels);
  return labels;
}

function makeInstrument<Source>(meter: Meter, metric: Metric<Source>): Instrument<Source> {
  const { name, kind, help } = metric;
  const options = { description: help };
  const observable =
    kind === 'gauge'
      ? meter.createObservableGauge(name, options)
      : meter.createObservableCounter(name, options);
  return { metric, observable, labels: constantLabelsOf(metric) };
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
