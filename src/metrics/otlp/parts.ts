import type { Resource } from '@opentelemetry/resources';
import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';

// What each costs at most beside its texts, in JSON, the wider of the encodings.
const POINT_BYTES = 150;
const ATTRIBUTE_BYTES = 45;
const BUCKET_BYTES = 25;

type Piece = { readonly metrics: MetricData[]; readonly bytes: number };

/**
 * Puts the metrics of a resource into parts of about `maxBytes`, but of one data point at least. A part is made when it
 * is asked for, from no more metrics than it takes.
 */
export async function* partsOf(
  resource: Resource,
  scopes: AsyncIterable<ScopeMetrics>,
  maxBytes: number,
): AsyncGenerator<ResourceMetrics> {
  let part: ScopeMetrics[] = [];
  let bytes = 0;
  for await (const { scope, metrics } of scopes) {
    for (const piece of split(metrics, maxBytes)) {
      if (bytes > 0 && bytes + piece.bytes > maxBytes) {
        yield { resource, scopeMetrics: part };
        part = [];
        bytes = 0;
      }
      part.push({ scope, metrics: piece.metrics });
      bytes += piece.bytes;
    }
  }
  if (bytes > 0) yield { resource, scopeMetrics: part };
}

function* split(metrics: readonly MetricData[], maxBytes: number): Generator<Piece> {
  let piece: MetricData[] = [];
  let bytes = 0;
  for (const metric of metrics) {
    let start = 0;
    for (const [index, point] of metric.dataPoints.entries()) {
      const more = bytesOf(point);
      if (bytes > 0 && bytes + more > maxBytes) {
        yield { metrics: [...piece, slice(metric, start, index)].filter(hasPoints), bytes };
        piece = [];
        bytes = 0;
        start = index;
      }
      bytes += more;
    }
    piece.push(slice(metric, start));
  }
  if (bytes > 0) yield { metrics: piece.filter(hasPoints), bytes };
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

function hasPoints({ dataPoints }: MetricData): boolean {
  return dataPoints.length > 0;
}

function slice(metric: MetricData, start: number, end?: number): MetricData {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return { ...metric, dataPoints: metric.dataPoints.slice(start, end) };
    case DataPointType.GAUGE:
      return { ...metric, dataPoints: metric.dataPoints.slice(start, end) };
    case DataPointType.HISTOGRAM:
      return { ...metric, dataPoints: metric.dataPoints.slice(start, end) };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return { ...metric, dataPoints: metric.dataPoints.slice(start, end) };
  }
}
