import type { Credentials, Target } from '../../target/target.ts';
import { Failure } from '../failure.ts';
import { reveal } from './secret.ts';
import { token } from './token.ts';

/** The value of a target's Authorization field, if it is to have one; made before the probe's clock starts. */
export async function authorization(target: Target): Promise<string | undefined | Failure> {
  const { credentials } = target;
  if (credentials === undefined) return undefined;
  const value = await fieldValue(credentials, target);
  if (value instanceof Failure || !/[^\t\x20-\x7e\x80-\xff]/.test(value)) return value;
  return new Failure('auth_error', 'the credentials hold characters that no header field can carry');
}

async function fieldValue(credentials: Credentials, target: Target): Promise<string | Failure> {
  switch (credentials.kind) {
    case 'basic':
      return basic(credentials);
    case 'authorization':
      return prefixed(credentials.type, await reveal(credentials.credentials));
    case 'oauth2':
      return prefixed('Bearer', await token(credentials, target));
  }
}

// RFC 7617, 2.
async function basic({
  username,
  password,
}: Extract<Credentials, { kind: 'basic' }>): Promise<string | Failure> {
  const [name, word] = [await reveal(username), await reveal(password)];
  if (name instanceof Failure) return name;
  if (word instanceof Failure) return word;
  return `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`;
}

function prefixed(type: string, value: string | Failure): string | Failure {
  return value instanceof Failure ? value : `${type} ${value}`;
}
