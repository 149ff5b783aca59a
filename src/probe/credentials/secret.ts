import { readOrFault } from '../../runtime/file-content.ts';
import type { Secret } from '../../target/target.ts';
import { Failure } from '../failure.ts';

/** A secret's value; one in a file is read at each use, so that a rotated one counts at once. */
export async function reveal(secret: Secret): Promise<string | Failure> {
  if ('value' in secret) return secret.value;
  const read = await readOrFault(secret.file);
  if ('content' in read) return read.content.toString('utf8').trim();
  return new Failure(read.isShortage ? 'internal_error' : 'auth_error', `a credential file ${read.fault}`);
}
