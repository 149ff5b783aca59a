import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as z from 'zod';

/** The versions whose schemas are at hand: the oldest that the chart is for, and the newest. */
export const KUBERNETES_VERSIONS = ['1.29', '1.34'] as const;

type Version = (typeof KUBERNETES_VERSIONS)[number];

const validators = new Map(KUBERNETES_VERSIONS.map((version) => [version, validator(version)]));
const headSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** What an API server of that version would refuse of an object: unknown fields, wrong types, a kind it has not. */
export function refusals(object: unknown, version: Version): readonly string[] {
  const head = headSchema.safeParse(object);
  if (!head.success) return [`no object: ${JSON.stringify(object)}`];
  const { apiVersion, kind, metadata } = head.data;
  const where = `${kind} ${metadata.name}`;
  const validate = validators.get(version)?.getSchema(`${apiVersion} ${kind}`);
  if (validate === undefined) return [`${where}: there is no ${apiVersion} ${kind}`];
  if (validate(object)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${where}${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}

function validator(version: Version): Ajv {
  const file = new URL(`../fixtures/kubernetes/${version}.json`, import.meta.url);
  const { kinds, definitions } = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const [name, schema] of Object.entries<object>(kinds)) {
    ajv.addSchema({ $id: `kind:${encodeURIComponent(name)}`, ...schema, definitions }, name);
  }
  return ajv;
}
