import * as z from 'zod';
import { DEFAULTS } from '../../src/config/schema/defaults.ts';
import {
  fileSchema,
  GLOBAL_SETTINGS,
  PROBE_SETTINGS,
  TARGET_SETTINGS,
} from '../../src/config/schema/schema.ts';
import { isEntries } from '../../src/config/yaml/entries.ts';

/** A row of the table of config keys. */
export type SettingRow = { readonly key: string; readonly default: string; readonly description: string };

/** What the table says where the default is not a plain value. */
const DEFAULT_WORDS: Readonly<Record<string, string>> = {
  url: 'required',
  targets: 'required, unless there are `target_files`, or URLs as arguments or in `TARGETS`',
  timeout: '`5s`, or 90 % of the interval if that is shorter',
  'tls_config.ca_file': "the system's CAs",
  'tls_config.min_version': '`TLS12`',
  'tls_config.max_version': '`TLS13`',
  max_body_size: '`10MiB`; `1MiB` with `expect.body` or `expect.json`',
  'authorization.type': '`Bearer`',
  concurrency: '80 % of the open-file limit, 2000 if unknown',
};

/** Every key of the config file with its default and its meaning, as the docs list them. */
export function settingRows(): readonly SettingRow[] {
  return [
    ...rows(TARGET_SETTINGS, {}, '', ''),
    ...rows(PROBE_SETTINGS, DEFAULTS, '', ''),
    ...rows({ ...GLOBAL_SETTINGS, targets: fileSchema.shape.targets }, {}, '', 'top level only: '),
  ];
}

function rows(shape: object, defaults: object, section: string, note: string): readonly SettingRow[] {
  const given = new Map<string, unknown>(Object.entries(defaults));
  return Object.entries(shape).flatMap(([name, wrapped]) => {
    const schema = wrapped instanceof z.ZodOptional ? wrapped.unwrap() : wrapped;
    const key = section + name;
    const value = given.get(name);
    if (schema instanceof z.ZodOptional || !(schema instanceof z.ZodType)) return [];
    if (!(schema instanceof z.ZodObject)) {
      const description = `${note}${schema.description ?? ''}`;
      return [{ key, default: DEFAULT_WORDS[key] ?? defaultText(value), description }];
    }
    return rows(schema.shape, isEntries(value) ? value : {}, `${key}.`, note);
  });
}

function defaultText(value: unknown): string {
  if (value === undefined) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
