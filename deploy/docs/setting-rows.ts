import * as z from 'zod';
import { DEFAULTS } from '../../src/config/schema/defaults.ts';
import {
  fileSchema,
  GLOBAL_SETTINGS,
  PROBE_SETTINGS,
  TARGET_SETTINGS,
} from '../../src/config/schema/schema.ts';
import { webConfigSchema } from '../../src/config/web/schema.ts';
import { isEntries } from '../../src/config/yaml/entries.ts';

/** A row of a table of config keys. */
export type SettingRow = { readonly key: string; readonly default: string; readonly description: string };

/** What the tables say where the default is not a plain value. */
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
  'tls_server_config.cert_file': 'required',
  'tls_server_config.key_file': 'required',
  'tls_server_config.client_auth_type': '`NoClientCert`',
  'tls_server_config.client_ca_file': "the system's CAs",
  'tls_server_config.min_version': '`TLS12`',
  'tls_server_config.max_version': '`TLS13`',
  'tls_server_config.cipher_suites': "OpenSSL's",
  'tls_server_config.curve_preferences': "OpenSSL's",
  'tls_server_config.prefer_server_cipher_suites': '`true`',
};

/** The map whose keys share a row. */
const ONE_ROW = 'http_server_config.headers';

/** Every key of the config file with its default and its meaning, as the docs list them. */
export function settingRows(): readonly SettingRow[] {
  const global = rowsOf({ ...GLOBAL_SETTINGS, targets: fileSchema.shape.targets });
  return [
    ...rowsOf(TARGET_SETTINGS),
    ...rowsOf(PROBE_SETTINGS, DEFAULTS),
    ...global.map((row) => ({ ...row, description: `top level only: ${row.description}` })),
  ];
}

/** Every key of the web config with its default and its meaning, as the docs list them. */
export function webConfigRows(): readonly SettingRow[] {
  return rowsOf(webConfigSchema.shape);
}

function rowsOf(shape: object, defaults: object = {}, section = ''): readonly SettingRow[] {
  const given = new Map<string, unknown>(Object.entries(defaults));
  return Object.entries(shape).flatMap(([name, wrapped]) => {
    const schema: unknown = wrapped instanceof z.ZodOptional ? wrapped.unwrap() : wrapped;
    const key = section + name;
    const value = given.get(name);
    if (!(schema instanceof z.ZodType)) return [];
    if (schema instanceof z.ZodObject && key !== ONE_ROW)
      return rowsOf(schema.shape, isEntries(value) ? value : {}, `${key}.`);
    const text = DEFAULT_WORDS[key] ?? defaultText(value);
    return [{ key, default: text, description: schema.description ?? '' }];
  });
}

function defaultText(value: unknown): string {
  if (value === undefined) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
