import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../../config/command-line/otel.ts';
import type { CollectorTls } from './grpc.ts';

/** An exporter of OpenTelemetry, and what it lacks. */
export type OtlpExporter = {
  readonly exporter: PushMetricExporter;
  /** Ends the request in flight. */
  readonly abort: () => void;
};

/** Loads and makes the exporter for the protocol; rejects with one clear sentence if a file cannot be read. */
export async function loadExporter(settings: PushSettings): Promise<OtlpExporter> {
  const tls = await readTls(settings);
  if (settings.protocol !== 'grpc') return httpExporter(settings, tls);
  const { grpcExporter } = await import('./grpc.ts');
  // A gRPC call ends at its deadline without our help.
  return { exporter: grpcExporter(settings, tls, sharedOptions(settings)), abort: () => {} };
}

async function httpExporter(settings: PushSettings, tls: CollectorTls): Promise<OtlpExporter> {
  const isPlain = settings.endpoint.startsWith('http:');
  const agent = isPlain ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true, ...tls });
  const { OTLPMetricExporter } =
    settings.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto');
  const exporter = new OTLPMetricExporter({
    ...sharedOptions(settings),
    headers: { ...settings.headers },
    httpAgentOptions: () => agent,
  });
  return { exporter, abort: () => agent.destroy() };
}

function sharedOptions({ endpoint, timeoutMs, compression }: PushSettings) {
  return {
    url: endpoint,
    timeoutMillis: timeoutMs,
    compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    // A request that was given up may still be in flight when the next one starts; more would be a leak.
    concurrencyLimit: 2,
  };
}

async function readTls({
  certificateFile,
  keyFile,
  clientCertificateFile,
}: PushSettings): Promise<CollectorTls> {
  const [ca, key, cert] = await Promise.all([
    read(certificateFile, 'CERTIFICATE'),
    read(keyFile, 'CLIENT_KEY'),
    read(clientCertificateFile, 'CLIENT_CERTIFICATE'),
  ]);
  return { ...(ca && { ca }), ...(key && { key }), ...(cert && { cert }) };
}

async function read(file: string | undefined, what: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`OTEL_EXPORTER_OTLP_${what}: the file cannot be read: ${why}`, { cause });
  }
}
