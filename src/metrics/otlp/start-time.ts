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
 * The same metrics with the time at which each counter was at 0. The SDK has the time of the first collection of a provider
 * instead, which is too late and new in each provider.
 */
export function withStartTimes({ scope, metrics }: ScopeMetrics): ScopeMetrics {
  return { scope, metrics: metrics.map(withStartTime) };
}

function withStartTime(metric: MetricData): MetricData {
  switch (metric.dataPointType) {
    case DataPointType.SUM: {
      const since = ({ attributes }: DataPoint<number>) => millisToHrTime(countedSinceMs(attributes));
      const dataPoints = metric.dataPoints.map((point) => setStart(since(point), point, point.attributes));
      return { ...metric, dataPoints };
    }
    case DataPointType.HISTOGRAM: {
      // The SDK keeps one start time object per series, for as long as the histogram lives.
      const dataPoints = metric.dataPoints.map((point) => setStart(point.startTime, point, point.startTime));
      return { ...metric, dataPoints };
    }
    default:
      return metric;
  }
}

// The start times that were moved, by an object that the series keeps.
const moved = new WeakMap<object, HrTime>();

// After the wall clock was set back, a start may be later than the end: then it is moved to the end, and stays there. To a
// receiver each new start time is a counter that was reset.
function setStart<Value>(since: HrTime, point: DataPoint<Value>, owner: object): DataPoint<Value> {
  const startTime = moved.get(owner) ?? since;
  if (!isAfter(startTime, point.endTime)) return { ...point, startTime };
  moved.set(owner, point.endTime);
  return { ...point, startTime: point.endTime };
}

function isAfter([seconds, nanos]: HrTime, [thanSeconds, thanNanos]: HrTime): boolean {
  return seconds > thanSeconds || (seconds === thanSeconds && nanos > thanNanos);
}
