import { resolve } from 'node:path';
import type { Settings } from '../schema/schema.ts';

/** The same settings with the paths of files made absolute, from the folder of the config file. */
export function withAbsolutePaths<T extends Settings>(settings: T, folder: string): T {
  const { body_file, basic_auth, authorization, oauth2, tls_config } = settings;
  const files = { body_file };
  const tlsOfTokens = absolute(oauth2?.tls_config, TLS_FILES, folder);
  return {
    ...settings,
    ...(body_file !== undefined && absolute(files, ['body_file'], folder)),
    ...(basic_auth && { basic_auth: absolute(basic_auth, ['username_file', 'password_file'], folder) }),
    ...(authorization && { authorization: absolute(authorization, ['credentials_file'], folder) }),
    ...(oauth2 && {
      oauth2: {
        ...absolute(oauth2, ['client_secret_file'], folder),
        ...(tlsOfTokens && { tls_config: tlsOfTokens }),
      },
    }),
    ...(tls_config && { tls_config: absolute(tls_config, TLS_FILES, folder) }),
  };
}

const TLS_FILES = ['ca_file', 'cert_file', 'key_file'] as const;

type Files<Key extends string> = { readonly [Name in Key]?: string | undefined };

function absolute<Key extends string, Section extends Files<Key> | undefined>(
  section: Section,
  keys: readonly Key[],
  folder: string,
): Section {
  const files = keys.flatMap((key) => {
    const file = section?.[key];
    return file === undefined ? [] : [[key, resolve(folder, file)]];
  });
  return section && { ...section, ...Object.fromEntries(files) };
}
