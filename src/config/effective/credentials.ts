import type { Credentials, Secret } from '../../target/target.ts';
import type { Effective } from '../schema/defaults.ts';
import { tlsSettings } from './tls-settings.ts';

/** The credentials of a target in effect; the rules have made sure that it has one kind at most, and all its parts. */
export function credentialsOf({ basic_auth, authorization, oauth2 }: Effective): Credentials | undefined {
  if (basic_auth !== undefined) {
    const { username, username_file, password, password_file } = basic_auth;
    return {
      kind: 'basic',
      username: secret(username, username_file),
      password: secret(password, password_file),
    };
  }
  if (authorization !== undefined) {
    const { type = 'Bearer', credentials, credentials_file } = authorization;
    return { kind: 'authorization', type, credentials: secret(credentials, credentials_file) };
  }
  return oauth2 && oauth2Credentials(oauth2);
}

function oauth2Credentials(oauth2: NonNullable<Effective['oauth2']>): Credentials {
  const { client_id = '', token_url = '', client_secret, client_secret_file } = oauth2;
  return {
    kind: 'oauth2',
    clientId: client_id,
    clientSecret: secret(client_secret, client_secret_file),
    tokenUrl: token_url,
    scopes: oauth2.scopes ?? [],
    endpointParams: oauth2.endpoint_params ?? {},
    tls: tlsSettings(oauth2.tls_config ?? {}),
  };
}

function secret(value: string | undefined, file: string | undefined): Secret {
  return file === undefined ? { value: value ?? '' } : { file };
}
