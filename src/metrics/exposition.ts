import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { CollectionResult, MetricData } from '@opentelemetry/sdk-metrics';
import { LAYOUT } from './pull.ts';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
const METADATA = /^(?:#.*\n)*/;

const serializer = new PrometheusSerializer(
  '',
  false,
  undefined,
  LAYOUT.withoutTargetInfo,
  LAYOUT.withoutScopeInfo,
);

/** The Prometheus text of a collection, all series of a metric together; rejects on any error in it. */
export async function exposition(pages: AsyncIterable<CollectionResult>): Promise<Buffer> {
  // As bytes, which the heap of V8 does not have to carry along.
  const families = new Map<string, Buffer[]>();
  for await (const { resourceMetrics, errors } of pages) {
    if (errors.length > 0) throw new AggregateError(errors, 'the collection of the metrics failed');
    const { resource } = resourceMetrics;
    for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
      for (const metric of metrics) {
        add(
          families,
          metric,
          serializer.serialize({ resource, scopeMetrics: [{ scope, metrics: [metric] }] }),
        );
      }
    }
  }
  return Buffer.concat([...families.values()].flat());
}

function add(families: Map<string, Buffer[]>, { descriptor: { name } }: MetricData, text: string): void {
  const family = families.get(name);
  if (family === undefined) families.set(name, [Buffer.from(text)]);
  else family.push(Buffer.from(text.replace(METADATA, '')));
}
