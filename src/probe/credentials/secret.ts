import { readOrFault } from '../../runtime/file-content.ts';
import type { Secret } from '../../target/target.ts';
import { Failure } from '../failure.ts';

/** Reads a secret; a file is read at each use, so that a rotated secret applies at once. */
export async function readSecret(secret: Secret): Promise<string | Failure> {
  if ('value' in secret) return secret.value;
  const read = await readOrFault(secret.file);
  if ('content' in read) return read.content.toString('utf8').trim();
  return new Failure(read.isShortage ? 'internal_error' : 'auth_error', `a credential file ${read.fault}`);
}
