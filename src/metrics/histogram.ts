import type { Histogram } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { ProbeResult } from '../probe/result.ts';
import type { TargetState } from '../state/target-state.ts';
import type { Declaration } from './metric.ts';
import { makeProvider, type Provider } from './provider.ts';
import { labelsOf } from './series.ts';

/** The one metric that records each result; all others are read from the cache at each collection. */
export const DURATION_HISTOGRAM: Declaration & { readonly kind: 'histogram' } = {
  name: 'sample.external_url.duration_ms',
  kind: 'histogram',
  help: 'Milliseconds that successful probes took.',
  present: 'with `histogram_buckets_ms`',
};

/** The histogram with its own provider, which lives as long as it counts: the SDK can neither read back nor end a series. */
export class DurationHistogram {
  readonly #bucketsMs: readonly number[];
  readonly #provider: Provider = makeProvider();
  readonly #histogram: Histogram;

  /** The upper bounds of its buckets. */
  constructor(bucketsMs: readonly number[]) {
    const { name, help } = DURATION_HISTOGRAM;
    const advice = { explicitBucketBoundaries: [...bucketsMs] };
    this.#bucketsMs = bucketsMs;
    this.#histogram = this.#provider.meter.createHistogram(name, { description: help, advice });
  }

  hasBuckets(bucketsMs: readonly number[]): boolean {
    return bucketsMs.join() === this.#bucketsMs.join();
  }

  /** Records a result of the target, if it is a success. */
  record(state: TargetState, { result, responseMs }: ProbeResult): void {
    if (result === 'success' && responseMs !== undefined)
      this.#histogram.record(responseMs, labelsOf(state).attributes);
  }

  collect(): Promise<CollectionResult> {
    return this.#provider.collect();
  }
}
