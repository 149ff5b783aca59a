import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

// node test/support/kubernetes-schemas.ts OUT.json FILE...
// Makes test/fixtures/kubernetes from what an API server says of itself (`kubectl get --raw /openapi/v3/apis/apps/v1`)
// and from definitions of custom resources (YAML): strict, and without the words. Then `npm run fix` lays it out.
type Node = Readonly<Record<string, unknown>>;

const KINDS = [
  'ConfigMap',
  'Deployment',
  'HTTPRoute',
  'Ingress',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'PodMonitor',
  'PrometheusRule',
  'Secret',
  'Service',
  'ServiceAccount',
  'ServiceMonitor',
  'StatefulSet',
];

const KEPT = [
  'required',
  'enum',
  'items',
  'oneOf',
  'anyOf',
  'allOf',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
];

const [out = '', ...files] = process.argv.slice(2);
const documents = files.map((file): Node => parse(readFileSync(file, 'utf8')));
const known = Object.assign({}, ...documents.map(definitionsOf));
const kinds = Object.assign({}, ...documents.map(kindsOf));
const definitions: Record<string, unknown> = {};
keep(kinds);
writeFileSync(out, `${JSON.stringify({ kinds, definitions })}\n`);

function definitionsOf(document: Node): Node {
  const { schemas = {} } = node(document.components);
  return Object.fromEntries(Object.entries(node(schemas)).map(([name, schema]) => [name, strict(schema)]));
}

// The schema of each kind by `apiVersion kind`.
function kindsOf(document: Node): Node {
  const { group, names, versions } = node(document.spec);
  if (Array.isArray(versions)) {
    const { kind } = node(names);
    return Object.fromEntries(
      versions
        .filter(({ storage }) => storage)
        .map(({ name, schema }) => [`${group}/${name} ${kind}`, custom(schema.openAPIV3Schema)]),
    );
  }
  return Object.fromEntries(
    Object.entries(node(node(document.components).schemas)).flatMap(([name, schema]) => {
      const [own] = (node(schema)['x-kubernetes-group-version-kind'] as Node[] | undefined) ?? [];
      if (own === undefined || !KINDS.includes(String(own.kind))) return [];
      const version = own.group ? `${own.group}/${own.version}` : own.version;
      return [[`${version} ${own.kind}`, { $ref: `#/definitions/${name}` }]];
    }),
  );
}

function custom(schema: Node): unknown {
  const own = node(strict(schema));
  const metadata = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
  return { ...own, properties: { ...node(own.properties), metadata } };
}

function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = node(schema);
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', '#/definitions/') };
  if (rest['x-kubernetes-int-or-string']) return { type: ['integer', 'string'] };
  return { ...strictEach(only(KEPT, rest)), ...strictType(rest), ...strictProperties(rest) };
}

function strictType({ type, nullable }: Node): Node {
  if (type === undefined) return {};
  return { type: nullable === true ? [type, 'null'] : type };
}

function strictProperties({ properties, additionalProperties, ...rest }: Node): Node {
  if (additionalProperties !== undefined) return { additionalProperties: strict(additionalProperties) };
  if (properties === undefined) return {};
  const isOpen = rest['x-kubernetes-preserve-unknown-fields'] === true;
  return { properties: strictEach(node(properties)), additionalProperties: isOpen };
}

function only(keys: readonly string[], schema: Node): Node {
  // Go's `(?i)` is no syntax of JavaScript's.
  const isKept = (key: string) =>
    key in schema && !(key === 'pattern' && String(schema[key]).includes('(?i)'));
  return Object.fromEntries(keys.filter(isKept).map((key) => [key, schema[key]]));
}

function strictEach(parts: Node): Node {
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, strict(part)]));
}

// Keeps the definitions that a schema refers to, and those that they do.
function keep(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { $ref } = node(schema);
  const name = typeof $ref === 'string' ? $ref.replace('#/definitions/', '') : undefined;
  if (name !== undefined && !(name in definitions)) {
    definitions[name] = known[name];
    keep(known[name]);
  }
  for (const part of Object.values(schema)) keep(part);
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}
