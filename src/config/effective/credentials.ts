import type { Credentials, Secret, TlsSettings } from '../../target/target.ts';
import type { FilledSettings } from '../schema/defaults.ts';
import type { TlsConfig } from '../schema/tls.ts';

/** The credentials of a target in effect; rules.ts has made sure that it has one kind at most, with all its parts. */
export function credentialsOf({
  basic_auth,
  authorization,
  oauth2,
}: FilledSettings): Credentials | undefined {
  if (basic_auth !== undefined) {
    const { username, username_file, password, password_file } = basic_auth;
    return {
      kind: 'basic',
      username: secretOf(username, username_file),
      password: secretOf(password, password_file),
    };
  }
  if (authorization !== undefined) {
    const { type = 'Bearer', credentials, credentials_file } = authorization;
    return { kind: 'authorization', type, credentials: secretOf(credentials, credentials_file) };
  }
  return oauth2 && oauth2Credentials(oauth2);
}

function oauth2Credentials(oauth2: NonNullable<FilledSettings['oauth2']>): Credentials {
  const { client_id = '', token_url = '', client_secret, client_secret_file } = oauth2;
  return {
    kind: 'oauth2',
    clientId: client_id,
    clientSecret: secretOf(client_secret, client_secret_file),
    tokenUrl: token_url,
    scopes: oauth2.scopes ?? [],
    endpointParams: oauth2.endpoint_params ?? {},
    tls: tlsSettingsOf(oauth2.tls_config ?? {}),
  };
}

function secretOf(value: string | undefined, file: string | undefined): Secret {
  return file === undefined ? { value: value ?? '' } : { file };
}

/** TLS settings as the probe takes them. */
export function tlsSettingsOf(tls: TlsConfig): TlsSettings {
  return {
    ...(tls.ca_file !== undefined && { caFile: tls.ca_file }),
    ...(tls.cert_file !== undefined && { certFile: tls.cert_file }),
    ...(tls.key_file !== undefined && { keyFile: tls.key_file }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
    insecureSkipVerify: tls.insecure_skip_verify ?? false,
    ...(tls.min_version !== undefined && { minVersion: tls.min_version }),
    ...(tls.max_version !== undefined && { maxVersion: tls.max_version }),
    ...(tls.curve_preferences !== undefined && { curvePreferences: tls.curve_preferences }),
  };
}
