import { type ExporterName, exporters, milliseconds, pairs, trueOrFalse, url, word } from './otel-value.ts';

/** How metrics are sent. */
const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;

// A token of RFC 9110, which gRPC takes as well.
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** What the variables say, each as it was set. */
export type OtelGiven = {
  readonly exporters?: readonly ExporterName[];
  readonly isDisabled?: boolean;
  readonly baseEndpoint?: string;
  readonly endpoint?: string;
  readonly protocol?: (typeof PROTOCOLS)[number];
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly compression?: 'none' | 'gzip';
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly clientCertificateFile?: string;
  readonly intervalMs?: number;
  readonly exportTimeoutMs?: number;
  readonly serviceName?: string;
  readonly resourceAttributes?: Readonly<Record<string, string>>;
};

/** A standard variable of OpenTelemetry. */
export type OtelVariable = {
  /** `[METRICS_]` in it means that there is one for metrics alone as well, which wins. */
  readonly name: string;
  readonly default: string;
  readonly help: string;
  /** What it sets, or what is wrong with it and what is allowed. */
  readonly take: (text: string) => OtelGiven | string;
  readonly isSecret?: boolean;
};

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const OTEL_VARIABLES: readonly OtelVariable[] = [
  {
    name: 'OTEL_METRICS_EXPORTER',
    default: 'prometheus, and otlp where an endpoint is set',
    help: 'where metrics go: prometheus (they can be scraped), otlp (they are pushed), both with a comma, or none',
    take: exporters((names) => ({ exporters: names })),
  },
  {
    name: 'OTEL_SDK_DISABLED',
    default: 'false',
    help: 'true: nothing is pushed',
    take: trueOrFalse((isDisabled) => ({ isDisabled })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: 'http://localhost:4318, with grpc http://localhost:4317',
    help: 'the Collector, to whose path /v1/metrics is added; https for TLS, with grpc as well',
    take: url((baseEndpoint) => ({ baseEndpoint })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    default: '',
    help: 'the same with its whole path',
    take: url((endpoint) => ({ endpoint })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]PROTOCOL',
    default: 'http/protobuf',
    help: PROTOCOLS.join(', '),
    take: word(PROTOCOLS, (protocol) => ({ protocol })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]HEADERS',
    default: '',
    help: 'sent with each push: name=value, separated by commas, the values percent-encoded; never shown',
    take: pairs(HEADER_NAME, (headers) => ({ headers })),
    isSecret: true,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]TIMEOUT',
    default: '10000',
    help: 'milliseconds for a request, its retries included',
    take: milliseconds(1, (timeoutMs) => ({ timeoutMs })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]COMPRESSION',
    default: 'none',
    help: 'none, gzip',
    take: word(['none', 'gzip'] as const, (compression) => ({ compression })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CERTIFICATE',
    default: "the machine's CAs",
    help: 'file with the CA certificates (PEM) that alone are trusted',
    take: (certificateFile) => ({ certificateFile }),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CLIENT_KEY',
    default: '',
    help: 'file with the key of the client certificate (PEM)',
    take: (keyFile) => ({ keyFile }),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CLIENT_CERTIFICATE',
    default: '',
    help: 'file with the client certificate (PEM)',
    take: (clientCertificateFile) => ({ clientCertificateFile }),
  },
  {
    name: 'OTEL_METRIC_EXPORT_INTERVAL',
    default: '60000',
    help: 'milliseconds from push to push',
    take: milliseconds(100, (intervalMs) => ({ intervalMs })),
  },
  {
    name: 'OTEL_METRIC_EXPORT_TIMEOUT',
    default: '30000',
    help: 'milliseconds for a whole push, at most the interval',
    take: milliseconds(1, (exportTimeoutMs) => ({ exportTimeoutMs })),
  },
  {
    name: 'OTEL_SERVICE_NAME',
    default: 'external-url-exporter',
    help: 'service.name of the resource',
    take: (serviceName) => ({ serviceName }),
  },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    default: '',
    help: 'more attributes of the resource: key=value, separated by commas, the values percent-encoded',
    take: pairs(/^[^\s=,]+$/, (resourceAttributes) => ({ resourceAttributes })),
  },
];
