import * as z from 'zod';
import { webConfigSchema } from '../../src/config/web/schema.ts';
import type { SettingRow } from './setting-rows.ts';

const DEFAULT_WORDS: Readonly<Record<string, string>> = {
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

/** Every key of the web config with its default and its meaning, as the docs list them. */
export function webConfigRows(): readonly SettingRow[] {
  return rows(webConfigSchema.shape, '');
}

function rows(shape: object, section: string): readonly SettingRow[] {
  return Object.entries(shape).flatMap(([name, wrapped]) => {
    const schema: unknown = wrapped instanceof z.ZodOptional ? wrapped.unwrap() : wrapped;
    const key = section + name;
    if (!(schema instanceof z.ZodType)) return [];
    if (schema instanceof z.ZodObject && schema.description === undefined)
      return rows(schema.shape, `${key}.`);
    return [{ key, default: DEFAULT_WORDS[key] ?? 'none', description: schema.description ?? '' }];
  });
}
