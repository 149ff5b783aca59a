import type { Environment } from '../environment.ts';
import { showValue } from '../fault.ts';
import { OTEL_VARIABLES, type OtelGiven, type OtelVariable, type OtlpProtocol } from './otel-variables.ts';

/** Where metrics go, as the standard OTEL_* variables say. */
export type OtelSettings = {
  /** Whether Prometheus may scrape. */
  readonly pull: boolean;
  /** Absent if nothing is pushed. */
  readonly push?: PushSettings;
  /** Of the resource that is pushed with the metrics. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
};

/** How metrics are pushed. */
export type PushSettings = {
  readonly protocol: OtlpProtocol;
  /** The whole URL. */
  readonly endpoint: string;
  /** Their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  readonly intervalMs: number;
  /** For one request, its retries included. */
  readonly timeoutMs: number;
  /** For all requests of a push; at most the interval. */
  readonly exportTimeoutMs: number;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly clientCertificateFile?: string;
};

const SERVICE_NAME = 'external-url-exporter';

const GENERAL = '[METRICS_]';

/** Reads the variables; what is wrong comes back as one sentence each. An empty variable counts as not set. */
export function readOtelSettings(env: Environment): { settings: OtelSettings; faults: readonly string[] } {
  const faults: string[] = [];
  let given: OtelGiven = {};
  for (const { variable, name } of OTEL_VARIABLES.flatMap(namesOf)) {
    const text = env[name]?.trim();
    if (!text) continue;
    const setting = variable.parse(text);
    if ('fault' in setting) {
      const written = variable.isSecret ? 'the value' : showValue(withoutQuery(text));
      faults.push(`${name}: ${written} ${setting.fault}`);
    } else {
      given = { ...given, ...setting.value, headers: { ...given.headers, ...setting.value.headers } };
    }
  }
  if ((given.keyFile === undefined) !== (given.clientCertificateFile === undefined)) {
    faults.push(
      'OTEL_EXPORTER_OTLP_CLIENT_KEY: is only allowed together with OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE (both or neither)',
    );
  }
  return { settings: settingsOf(given), faults };
}

// The query of an endpoint often holds a key.
function withoutQuery(text: string): string {
  return text.replace(/\?.*/s, '?…');
}

// The one for metrics comes last, because it wins.
function namesOf(variable: OtelVariable): readonly { variable: OtelVariable; name: string }[] {
  const fillers = variable.name.includes(GENERAL) ? ['', 'METRICS_'] : [''];
  return fillers.map((filler) => ({ variable, name: variable.name.replace(GENERAL, filler) }));
}

function settingsOf(given: OtelGiven): OtelSettings {
  const hasEndpoint = given.endpoint !== undefined || given.baseEndpoint !== undefined;
  const exporters = given.exporters ?? (hasEndpoint ? ['prometheus', 'otlp'] : ['prometheus']);
  const isPushed = exporters.includes('otlp') && given.isDisabled !== true;
  const name = given.serviceName ?? given.resourceAttributes?.['service.name'] ?? SERVICE_NAME;
  return {
    pull: exporters.includes('prometheus'),
    ...(isPushed && { push: pushSettings(given) }),
    resourceAttributes: { ...given.resourceAttributes, 'service.name': name },
  };
}

function pushSettings(given: OtelGiven): PushSettings {
  const { certificateFile, keyFile, clientCertificateFile, protocol = 'http/protobuf' } = given;
  const { intervalMs = 60_000, exportTimeoutMs = 30_000, timeoutMs = 10_000 } = given;
  const wholeMs = Math.min(exportTimeoutMs, intervalMs);
  return {
    protocol,
    endpoint: endpointOf(given, protocol),
    headers: given.headers ?? {},
    compression: given.compression ?? 'none',
    intervalMs,
    timeoutMs: Math.min(timeoutMs, wholeMs),
    exportTimeoutMs: wholeMs,
    ...(certificateFile !== undefined && { certificateFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(clientCertificateFile !== undefined && { clientCertificateFile }),
  };
}

function endpointOf({ endpoint, baseEndpoint }: OtelGiven, protocol: OtlpProtocol): string {
  // gRPC has its own path.
  if (protocol === 'grpc') return new URL(endpoint ?? baseEndpoint ?? 'http://localhost:4317').origin;
  if (endpoint !== undefined) return endpoint;
  const base = new URL(baseEndpoint ?? 'http://localhost:4318');
  base.pathname = `${base.pathname.replace(/\/$/, '')}/v1/metrics`;
  return base.href;
}

/** The settings when no variable is set. */
export const DEFAULT_OTEL: OtelSettings = settingsOf({});
