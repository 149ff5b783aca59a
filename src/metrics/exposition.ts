import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { CollectionResult, MetricData } from '@opentelemetry/sdk-metrics';
import { LAYOUT } from './provider.ts';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
const METADATA = /^(?:#.*\n)*/;

const serializer = new PrometheusSerializer(
  '',
  false,
  undefined,
  LAYOUT.withoutTargetInfo,
  LAYOUT.withoutScopeInfo,
);

/** The Prometheus text of a collection, with all series of a metric together; rejects if the collection has an error. */
export async function exposition(pages: AsyncIterable<CollectionResult>): Promise<Buffer> {
  // As bytes, which are outside the heap of V8.
  const families = new Map<string, Buffer[]>();
  for await (const { resourceMetrics, errors } of pages) {
    if (errors.length > 0) throw new AggregateError(errors, 'the collection of the metrics failed');
    const { resource } = resourceMetrics;
    for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
      for (const metric of metrics) {
        const scopeMetrics = [{ scope, metrics: [metric] }];
        addToFamily(families, metric, serializer.serialize({ resource, scopeMetrics }));
      }
    }
  }
  return Buffer.concat([...families.values()].flat());
}

function addToFamily(families: Map<string, Buffer[]>, { descriptor }: MetricData, text: string): void {
  const family = families.get(descriptor.name);
  if (family === undefined) families.set(descriptor.name, [Buffer.from(text)]);
  else family.push(Buffer.from(text.replace(METADATA, '')));
}
