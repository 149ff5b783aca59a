import type { Credentials, Target } from '../../target/target.ts';
import { Failure } from '../failure.ts';
import type { ProbeResources } from '../resources.ts';
import { readSecret } from './secret.ts';
import { requestToken } from './token-request.ts';

/** Makes the value of a target's Authorization field, if it has one. */
export async function makeAuthorization(
  target: Target,
  resources: ProbeResources,
): Promise<string | undefined | Failure> {
  const { credentials } = target;
  if (credentials === undefined) return undefined;
  const value = await makeValue(credentials, target, resources);
  if (value instanceof Failure || !/[^\t\x20-\x7e\x80-\xff]/.test(value)) return value;
  return new Failure('auth_error', 'the credentials have characters that no header field can carry');
}

async function makeValue(
  credentials: Credentials,
  target: Target,
  resources: ProbeResources,
): Promise<string | Failure> {
  switch (credentials.kind) {
    case 'basic':
      return makeBasic(credentials);
    case 'authorization':
      return withType(credentials.type, await readSecret(credentials.credentials));
    case 'oauth2': {
      const request = () => requestToken(credentials, target, resources);
      return withType('Bearer', await resources.tokens.get(credentials).get(request));
    }
  }
}

// RFC 7617, 2.
async function makeBasic(credentials: Extract<Credentials, { kind: 'basic' }>): Promise<string | Failure> {
  const username = await readSecret(credentials.username);
  if (username instanceof Failure) return username;
  const password = await readSecret(credentials.password);
  if (password instanceof Failure) return password;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function withType(type: string, value: string | Failure): string | Failure {
  return value instanceof Failure ? value : `${type} ${value}`;
}
