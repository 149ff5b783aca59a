import { randomUUID } from 'node:crypto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  type CollectionResult,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../config/otel.ts';
import { VERSION } from '../config/version.ts';
import type { Log } from '../log.ts';
import { otlpExporter } from './otlp-exporter.ts';
import { endpointOf, Sender } from './sender.ts';

/** What pushing works with. */
export type PushOptions = {
  readonly push: PushSettings;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** The metrics of this moment. */
  readonly collect: () => Promise<CollectionResult>;
  readonly log: Log;
};

/** What pushes at every interval. */
export type Push = {
  /** Pushes once more and ends, within this time. */
  stop(withinMs: number): Promise<void>;
};

/** Begins to push; rejects with one clear sentence if that cannot be. */
export async function startPush({ push, resourceAttributes, collect, log }: PushOptions): Promise<Push> {
  const sender = new Sender(await otlpExporter(push), push, log);
  const reader = new PeriodicExportingMetricReader({
    exporter: sender,
    exportIntervalMillis: push.intervalMs,
    // The sender keeps to the shorter time of the settings; this is for the case that it does not.
    exportTimeoutMillis: push.intervalMs,
    // Not instruments of its own: it would go on pushing what is not observed any more.
    metricProducers: [{ collect }],
  });
  const provider = new MeterProvider({ readers: [reader], resource: resourceOf(resourceAttributes) });
  log.info({ endpoint: endpointOf(push), protocol: push.protocol }, 'pushing metrics');
  return {
    async stop(withinMs) {
      sender.endWithin(withinMs);
      await provider.shutdown();
    },
  };
}

/** @see https://opentelemetry.io/docs/specs/semconv/resource/service/ */
function resourceOf(attributes: Readonly<Record<string, string>>) {
  const own = { 'service.version': VERSION, 'service.instance.id': randomUUID() };
  return defaultResource().merge(resourceFromAttributes({ ...own, ...attributes }));
}
