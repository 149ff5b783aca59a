import { millisToHrTime } from '@opentelemetry/core';
import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { countedSinceMs } from './series.ts';

/**
 * The same metrics with the time at which each counter was at 0: the SDK has that of the first collection instead,
 * which is too late for what was counted before it, and begins anew with each provider.
 */
export function withStartTimes(metrics: ResourceMetrics): ResourceMetrics {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({
    ...scope,
    metrics: scope.metrics.map(withStartTime),
  }));
  return { ...metrics, scopeMetrics };
}

function withStartTime(metric: MetricData): MetricData {
  if (metric.dataPointType !== DataPointType.SUM) return metric;
  return { ...metric, dataPoints: metric.dataPoints.map(started) };
}

function started(point: DataPoint<number>): DataPoint<number> {
  const { attributes, startTime, endTime } = point;
  const since = millisToHrTime(countedSinceMs(attributes));
  // A wall clock that was set back must not let a counter begin after its end.
  return { ...point, startTime: since[0] > endTime[0] ? startTime : since };
}
