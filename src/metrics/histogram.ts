import type { Histogram } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { ProbeResult } from '../probe/result.ts';
import type { TargetState } from '../state/target-state.ts';
import type { Declaration } from './metric.ts';
import { createProvider, type Provider } from './provider.ts';
import { labelsOf } from './series.ts';

/** The only metric that takes every result in; the others tell the latest one and counts. */
export const DURATION_HISTOGRAM: Declaration & { readonly kind: 'histogram' } = {
  name: 'sample.external_url.duration_ms',
  kind: 'histogram',
  help: 'Milliseconds that successful probes took.',
  present: 'with `histogram_buckets_ms`',
};

/** The histogram, in a provider of its own, which has to stay as long as it counts; the SDK cannot end a series of it. */
export class DurationHistogram {
  readonly #bucketsMs: readonly number[];
  readonly #provider: Provider = createProvider();
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

  /** Takes one result of a target in. */
  record(state: TargetState, { result, responseMs }: ProbeResult): void {
    if (result === 'success' && responseMs !== undefined)
      this.#histogram.record(responseMs, labelsOf(state).all());
  }

  collect(): Promise<CollectionResult> {
    return this.#provider.collect();
  }
}
