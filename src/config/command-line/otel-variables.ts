import { type ExporterName, exporters, pairs, url } from './otel-value.ts';
import { milliseconds, type Parse, text, trueOrFalse, word } from './value.ts';

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;

/** How metrics are sent. */
export type OtlpProtocol = (typeof PROTOCOLS)[number];

// A token of RFC 9110, which gRPC takes as well.
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** What the variables set. */
export type OtelGiven = {
  readonly exporters?: readonly ExporterName[];
  readonly isDisabled?: boolean;
  readonly baseEndpoint?: string;
  readonly endpoint?: string;
  readonly protocol?: OtlpProtocol;
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
  /** With `[METRICS_]` in it there is a second one for metrics alone, which wins. */
  readonly name: string;
  readonly default: string;
  readonly help: string;
  readonly parse: Parse<OtelGiven>;
  readonly isSecret?: boolean;
};

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const OTEL_VARIABLES: readonly OtelVariable[] = [
  {
    name: 'OTEL_METRICS_EXPORTER',
    default: 'prometheus, and otlp where an endpoint is set',
    help: 'where metrics go: prometheus (scraped), otlp (pushed), both separated by a comma, or none',
    parse: exporters((names) => ({ exporters: names })),
  },
  {
    name: 'OTEL_SDK_DISABLED',
    default: 'false',
    help: 'true turns pushing off',
    parse: trueOrFalse((isDisabled) => ({ isDisabled })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: 'http://localhost:4318, with grpc http://localhost:4317',
    help: 'URL of the Collector; /v1/metrics is added to its path; https turns on TLS, also for grpc',
    parse: url((baseEndpoint) => ({ baseEndpoint })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    default: '',
    help: 'the same for metrics alone; the URL is used as it is',
    parse: url((endpoint) => ({ endpoint })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]PROTOCOL',
    default: 'http/protobuf',
    help: PROTOCOLS.join(', '),
    parse: word(PROTOCOLS, (protocol) => ({ protocol })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]HEADERS',
    default: '',
    help: 'headers of each push: name=value, separated by commas, values percent-encoded; never shown',
    parse: pairs(HEADER_NAME, (headers) => ({ headers })),
    isSecret: true,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]TIMEOUT',
    default: '10000',
    help: 'timeout of one request with its retries, in milliseconds',
    parse: milliseconds(1, (timeoutMs) => ({ timeoutMs })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]COMPRESSION',
    default: 'none',
    help: 'none, gzip',
    parse: word(['none', 'gzip'], (compression) => ({ compression })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CERTIFICATE',
    default: "the system's CAs",
    help: 'file of CA certificates (PEM); only these are trusted',
    parse: text((certificateFile) => ({ certificateFile })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CLIENT_KEY',
    default: '',
    help: 'file of the key of the client certificate (PEM)',
    parse: text((keyFile) => ({ keyFile })),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_[METRICS_]CLIENT_CERTIFICATE',
    default: '',
    help: 'file of the client certificate (PEM)',
    parse: text((clientCertificateFile) => ({ clientCertificateFile })),
  },
  {
    name: 'OTEL_METRIC_EXPORT_INTERVAL',
    default: '60000',
    help: 'time between two pushes, in milliseconds',
    parse: milliseconds(100, (intervalMs) => ({ intervalMs })),
  },
  {
    name: 'OTEL_METRIC_EXPORT_TIMEOUT',
    default: '30000',
    help: 'timeout of a whole push, in milliseconds; at most the interval',
    parse: milliseconds(1, (exportTimeoutMs) => ({ exportTimeoutMs })),
  },
  {
    name: 'OTEL_SERVICE_NAME',
    default: 'external-url-exporter',
    help: 'service.name of the resource',
    parse: text((serviceName) => ({ serviceName })),
  },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    default: '',
    help: 'further attributes of the resource: key=value, separated by commas, values percent-encoded',
    parse: pairs(/^[^\s=,]+$/, (resourceAttributes) => ({ resourceAttributes })),
  },
];
