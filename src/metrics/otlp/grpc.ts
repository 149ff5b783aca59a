import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import {
  createEmptyMetadata,
  createInsecureCredentials,
  createSslCredentials,
} from '@opentelemetry/otlp-grpc-exporter-base';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../../config/command-line/otel.ts';

/** Keys and certificates of a connection to a Collector. */
export type CollectorTls = { readonly ca?: Buffer; readonly key?: Buffer; readonly cert?: Buffer };

type SharedOptions = Omit<ConstructorParameters<typeof OTLPMetricExporter>[0], 'metadata' | 'credentials'>;

/** The exporter for gRPC; `options` are those of all protocols. */
export function grpcExporter(
  { endpoint, headers }: PushSettings,
  { ca, key, cert }: CollectorTls,
  options: SharedOptions,
): PushMetricExporter {
  const metadata = createEmptyMetadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const isPlain = endpoint.startsWith('http:');
  const credentials = isPlain ? createInsecureCredentials() : createSslCredentials(ca, key, cert);
  return new OTLPMetricExporter({ ...options, metadata, credentials });
}
