import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { type CollectionResult, MeterProvider } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../version.ts';

/** The layout of /metrics: no labels but those of the series. */
export const LAYOUT = { withoutScopeInfo: true, withoutTargetInfo: true } as const;

/** A provider with the one reader that collects it, and the meter that makes its instruments. */
export type Provider = {
  readonly meter: Meter;
  readonly collect: () => Promise<CollectionResult>;
};

/** Makes a provider without instruments. */
export function makeProvider(): Provider {
  const reader = new CollectingReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    meter: provider.getMeter('external-url-exporter', VERSION),
    collect: () => reader.collect(),
  };
}

// OpenTelemetry's exporter without its web server, since ours has TLS, users and gzip.
class CollectingReader extends PrometheusExporter {
  constructor() {
    super({ preventServerStart: true, ...LAYOUT });
  }

  // By default all series above 2000 become one. Ours are limited by the config.
  override selectCardinalityLimit(): number {
    return Number.MAX_SAFE_INTEGER;
  }
}
