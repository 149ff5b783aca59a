import type { Meter } from '@opentelemetry/api';
import type { ProbeResult } from '../probe/result.ts';
import type { TargetState } from '../schedule/cache.ts';
import type { Declaration } from './metric.ts';
import { labelsOf } from './series.ts';

/** Takes one result of a target into a histogram. */
export type RecordDuration = (state: TargetState, result: ProbeResult) => void;

/** The only metric that takes every result in; the others tell the latest one and counts. */
export const DURATION_HISTOGRAM: Declaration & { readonly kind: 'histogram' } = {
  name: 'sample.external_url.duration_ms',
  kind: 'histogram',
  help: 'Milliseconds that successful probes took.',
  present: 'with `histogram_buckets_ms`',
};

/** Makes the histogram with these upper bounds. */
export function durationHistogram(meter: Meter, bucketsMs: readonly number[]): RecordDuration {
  const { name, help } = DURATION_HISTOGRAM;
  const advice = { explicitBucketBoundaries: [...bucketsMs] };
  const histogram = meter.createHistogram(name, { description: help, advice });
  return (state, { result, responseMs }) => {
    if (result === 'success' && responseMs !== undefined) histogram.record(responseMs, labelsOf(state).all());
  };
}
