import type { HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { countedSinceMs } from '../series.ts';

/**
 * The same metrics with the time at which each counter was at 0: the SDK has that of the first collection instead,
 * which is too late for what was counted before it, and begins anew with each provider.
 */
export function withStartTimes({ scope, metrics }: ScopeMetrics): ScopeMetrics {
  return { scope, metrics: metrics.map(withStartTime) };
}

function withStartTime(metric: MetricData): MetricData {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return { ...metric, dataPoints: metric.dataPoints.map(counted) };
    case DataPointType.HISTOGRAM:
      return { ...metric, dataPoints: metric.dataPoints.map(possible) };
    default:
      return metric;
  }
}

function counted(point: DataPoint<number>): DataPoint<number> {
  const { attributes, endTime } = point;
  const since = millisToHrTime(countedSinceMs(attributes));
  return { ...point, startTime: notAfter(endTime, since, attributes) };
}

function possible<T>(point: DataPoint<T>): DataPoint<T> {
  const { startTime, endTime } = point;
  if (!isAfter(startTime, endTime) && !putBack.has(startTime)) return point;
  // The SDK keeps the one start of a histogram for as long as that lives.
  return { ...point, startTime: notAfter(endTime, startTime, startTime) };
}

// The starts that could not stay, by what they belong to.
const putBack = new WeakMap<object, HrTime>();

// Once a wall clock was set back nothing may begin after its end. A start that was put back stays there:
// to a receiver each new one is a counter that began anew.
function notAfter(end: HrTime, since: HrTime, owner: object): HrTime {
  const start = putBack.get(owner) ?? since;
  if (!isAfter(start, end)) return start;
  putBack.set(owner, end);
  return end;
}

function isAfter([seconds, nanos]: HrTime, [thanSeconds, thanNanos]: HrTime): boolean {
  return seconds > thanSeconds || (seconds === thanSeconds && nanos > thanNanos);
}
