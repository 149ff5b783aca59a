import { resolve } from 'node:path';
import type { Settings } from './schema.ts';

const TLS_FILES = ['ca_file', 'cert_file', 'key_file'] as const;

/** The same settings with the paths of files made absolute, from the folder of the config file. */
export function withAbsolutePaths<T extends Settings>(settings: T, folder: string): T {
  const { body_file, tls_config } = settings;
  if (body_file === undefined && tls_config === undefined) return settings;
  const tls = { ...tls_config };
  for (const key of TLS_FILES) if (tls[key] !== undefined) tls[key] = resolve(folder, tls[key]);
  return {
    ...settings,
    ...(body_file !== undefined && { body_file: resolve(folder, body_file) }),
    ...(tls_config !== undefined && { tls_config: tls }),
  };
}
