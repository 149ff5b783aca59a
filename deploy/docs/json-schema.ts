import * as z from 'zod';
import { DEFAULTS } from '../../src/config/schema/defaults.ts';
import { ALIASES, fileSchema } from '../../src/config/schema/schema.ts';
import { isEntries } from '../../src/config/yaml/entries.ts';

/** The JSON Schema of the config file (draft 2020-12), for editors and charts: made from the schema that loads it. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' });
  const { $schema, ...file } = schema;
  const { properties = {} } = file;
  const { targets, ...settings } = properties;
  return {
    $schema,
    title: 'Config file of external-url-exporter',
    ...file,
    properties: { ...withDefaults(withAliases(settings)), targets: withShortForm(targets) },
  };
}

type Part = Readonly<Record<string, unknown>>;

// The loader takes them apart before the schema sees them.
function withAliases(properties: Part): Part {
  const aliases = [...ALIASES].map(([key, alias]) => [alias, properties[String(key)]]);
  return { ...properties, ...Object.fromEntries(aliases) };
}

function withDefaults(properties: Part): Part {
  const defaults: Part = DEFAULTS;
  return Object.fromEntries(
    Object.entries(properties).map(([key, part]) => {
      const value = defaults[key];
      return [key, value === undefined || !isEntries(part) ? part : { ...part, default: value }];
    }),
  );
}

function withShortForm(targets: unknown): unknown {
  if (!isEntries(targets)) return targets;
  const { items } = targets;
  if (!isEntries(items)) return targets;
  const { properties, ...target } = items;
  const whole = { ...target, properties: isEntries(properties) ? withAliases(properties) : {} };
  return { ...targets, items: { anyOf: [{ type: 'string', description: 'the URL alone' }, whole] } };
}
