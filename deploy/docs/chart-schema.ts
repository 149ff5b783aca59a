import { chartValues, type Value } from './chart-values.ts';
import { configJsonSchema } from './json-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const COUNT_OR_NULL: Schema = { type: ['integer', 'null'], minimum: 0 };
const AMOUNT: Schema = { type: ['integer', 'string', 'null'] };
const PORT: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };

// The types of keys whose default value does not show them.
const SHARPER: Readonly<Record<string, Schema>> = {
  'existingConfig.kind': { enum: ['ConfigMap', 'Secret'] },
  secretFiles: { type: 'array', items: TEXT, uniqueItems: true },
  'log.level': { enum: ['debug', 'info', 'warn', 'error'] },
  'log.format': { enum: ['json', 'logfmt', 'pretty'] },
  extraArgs: { type: 'array', items: TEXT },
  extraEnv: { type: 'array', items: { type: 'object', required: ['name'] } },
  shards: { type: 'integer', minimum: 1 },
  replicaCount: COUNT_OR_NULL,
  'image.digest': { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  'image.pullPolicy': { enum: ['Always', 'IfNotPresent', 'Never'] },
  imagePullSecrets: { type: 'array', items: { type: ['string', 'object'] } },
  'service.type': { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  'service.port': PORT,
  'service.nodePort': COUNT_OR_NULL,
  containerPort: PORT,
  'web.scheme': { enum: ['', 'http', 'https'] },
  'web.clientCertificates': { type: ['boolean', 'null'] },
  'otlp.endpoint': { type: 'string', pattern: '^(https?://.+)?$' },
  'otlp.protocol': { enum: ['http/protobuf', 'http/json', 'grpc'] },
  'otlp.intervalMs': { type: 'integer', minimum: 1 },
  'otlp.timeoutMs': { type: 'integer', minimum: 1 },
  'otlp.compression': { enum: ['gzip', 'none'] },
  'networkPolicy.targetPorts': { type: 'array', items: PORT },
  'podDisruptionBudget.maxUnavailable': AMOUNT,
  'podDisruptionBudget.minAvailable': AMOUNT,
  'podDisruptionBudget.unhealthyPodEvictionPolicy': { enum: ['AlwaysAllow', 'IfHealthyBudget'] },
  extraObjects: { type: 'array', items: { type: ['object', 'string'] } },
};

// Maps with defaults that accept every field of the Kubernetes object.
const OPEN = [
  'podSecurityContext',
  'securityContext',
  'resources',
  'test.resources',
  'strategy',
  'dashboard.labels',
];

/** The chart's values.schema.json. It contains the schema of the config file, and allows no other keys but those that parent charts set. */
export function valuesSchema(): object {
  const { $schema, title: _, ...config } = configJsonSchema() as Schema;
  const properties = Object.fromEntries(chartValues().map((value) => [value.path, schemaOf(value)]));
  return {
    $schema,
    title: 'Values of the chart external-url-exporter',
    type: 'object',
    properties: {
      ...properties,
      config: { ...config, description: descriptionOf(chartValues(), 'config') },
      enabled: { type: 'boolean', description: 'For the condition of a parent chart.' },
    },
    additionalProperties: false,
  };
}

function descriptionOf(values: readonly Value[], path: string): string {
  return values.find((value) => value.path === path)?.description ?? '';
}

function schemaOf(value: Value): Schema {
  const { path, description, default: preset, inner } = value;
  const sharper = SHARPER[path];
  if (sharper !== undefined) return { ...sharper, description, default: preset };
  if (inner.length === 0 || OPEN.includes(path))
    return { type: typeOf(preset), description, default: preset };
  const properties = Object.fromEntries(inner.map((one) => [one.path.split('.').at(-1), schemaOf(one)]));
  return { type: 'object', description, properties, additionalProperties: false };
}

function typeOf(preset: unknown): string {
  if (Array.isArray(preset)) return 'array';
  return Number.isInteger(preset) ? 'integer' : typeof preset;
}
