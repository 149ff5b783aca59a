import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { Metric } from './metric.ts';
import { makeProvider } from './provider.ts';
import type { SeriesLabels } from './series.ts';

/** Something that metrics are about, with the labels of its series. */
export type Observed<Subject> = { readonly subject: Subject; readonly labels: SeriesLabels };

type Instrument<Subject> = { readonly metric: Metric<Subject>; readonly observable: Observable };

/**
 * Collects these metrics of these subjects once, all in one callback, which sees one moment. The provider ends with it: the
 * SDK keeps every series it has ever seen. A metric that cannot be observed is left out and is an error of the result.
 * @see https://github.com/open-telemetry/opentelemetry-js/issues/4096
 */
export async function collectOnce<Subject>(
  metrics: readonly Metric<Subject>[],
  observed: () => Iterable<Observed<Subject>>,
): Promise<CollectionResult> {
  const { meter, collect } = makeProvider();
  const instruments = metrics.map((metric) => ({ metric, observable: makeObservable(meter, metric) }));
  // One error per metric: what is wrong with one target is often wrong with all.
  const errors = new Map<string, Error>();
  meter.addBatchObservableCallback(
    (result) => {
      for (const each of observed()) {
        for (const instrument of instruments) observe(result, instrument, each, errors);
      }
    },
    instruments.map(({ observable }) => observable),
  );
  const collected = await collect();
  return { ...collected, errors: [...collected.errors, ...errors.values()] };
}

function makeObservable<Subject>(meter: Meter, { name, kind, help }: Metric<Subject>): Observable {
  const options = { description: help };
  return kind === 'gauge'
    ? meter.createObservableGauge(name, options)
    : meter.createObservableCounter(name, options);
}

function observe<Subject>(
  result: BatchObservableResult,
  { metric, observable }: Instrument<Subject>,
  { subject, labels: labelsOfSubject }: Observed<Subject>,
  errors: Map<string, Error>,
): void {
  const labels = metric.constantLabels ?? labelsOfSubject;
  // The SDK would drop all that a throwing callback has observed, of every metric.
  try {
    if ('label' in metric) {
      for (const [labelValue, value] of metric.observe(subject))
        result.observe(observable, value, labels.with(metric.label, labelValue));
    } else {
      const value = metric.observe(subject);
      if (value !== undefined) result.observe(observable, value, labels.attributes);
    }
  } catch (cause) {
    if (errors.has(metric.name)) return;
    errors.set(metric.name, new Error(`${metric.name} could not be observed`, { cause }));
  }
}
