import type { Resource } from '@opentelemetry/resources';
import type { DataPoint, MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';

// The most that each costs beside its texts, in JSON, the longest of the encodings.
const POINT_BYTES = 150;
const ATTRIBUTE_BYTES = 45;
const BUCKET_BYTES = 25;

type Slice = { readonly metric: MetricData; readonly bytes: number };

/**
 * Splits the metrics of a resource into parts of about `maxBytes`, each with at least one data point. A scope is read only
 * when its part is next.
 */
export async function* partsOf(
  resource: Resource,
  scopes: AsyncIterable<ScopeMetrics>,
  maxBytes: number,
): AsyncGenerator<ResourceMetrics> {
  let part: ScopeMetrics[] = [];
  let partBytes = 0;
  for await (const { scope, metrics } of scopes) {
    for (const { metric, bytes } of metrics.flatMap((whole) => [...slicesOf(whole, maxBytes)])) {
      if (partBytes > 0 && partBytes + bytes > maxBytes) {
        yield { resource, scopeMetrics: part };
        part = [];
        partBytes = 0;
      }
      part.push({ scope, metrics: [metric] });
      partBytes += bytes;
    }
  }
  if (partBytes > 0) yield { resource, scopeMetrics: part };
}

function* slicesOf(metric: MetricData, maxBytes: number): Generator<Slice> {
  let start = 0;
  let bytes = 0;
  for (const [index, point] of metric.dataPoints.entries()) {
    const pointBytes = bytesOf(point);
    if (bytes > 0 && bytes + pointBytes > maxBytes) {
      yield { metric: slice(metric, start, index), bytes };
      start = index;
      bytes = 0;
    }
    bytes += pointBytes;
  }
  if (bytes > 0) yield { metric: slice(metric, start), bytes };
}

function slice<Data extends MetricData>(metric: Data, start: number, end?: number): Data {
  return { ...metric, dataPoints: metric.dataPoints.slice(start, end) };
}

function bytesOf({ attributes, value }: DataPoint<unknown>): number {
  const buckets = hasBuckets(value) ? value.buckets.counts.length * BUCKET_BYTES : 0;
  return Object.entries(attributes).reduce(
    (bytes, [key, text]) => bytes + ATTRIBUTE_BYTES + key.length + Buffer.byteLength(String(text)),
    POINT_BYTES + buckets,
  );
}

function hasBuckets(value: unknown): value is { buckets: { counts: readonly number[] } } {
  return typeof value === 'object' && value !== null && 'buckets' in value;
}
