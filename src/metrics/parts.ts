import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

// What each costs at most beside its texts, in JSON, the wider of the encodings.
const POINT_BYTES = 150;
const ATTRIBUTE_BYTES = 45;
const BUCKET_BYTES = 25;

/** Splits metrics into parts of about `maxBytes`, but of one data point at least; a part is made when it is asked for. */
export function* partsOf(
  { resource, scopeMetrics }: ResourceMetrics,
  maxBytes: number,
): Generator<ResourceMetrics> {
  for (const { scope, metrics } of scopeMetrics) {
    for (const part of split(metrics, maxBytes)) {
      yield { resource, scopeMetrics: [{ scope, metrics: part }] };
    }
  }
}

function* split(metrics: readonly MetricData[], maxBytes: number): Generator<MetricData[]> {
  let part: MetricData[] = [];
  let bytes = 0;
  for (const metric of metrics) {
    let start = 0;
    for (const [index, point] of metric.dataPoints.entries()) {
      const more = bytesOf(point);
      if (bytes > 0 && bytes + more > maxBytes) {
        yield [...part, slice(metric, start, index)].filter(hasPoints);
        part = [];
        bytes = 0;
        start = index;
      }
      bytes += more;
    }
    part.push(slice(metric, start));
  }
  if (bytes > 0) yield part.filter(hasPoints);
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
