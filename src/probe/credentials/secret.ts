import { readFile } from 'node:fs/promises';
import { unreadable } from '../../runtime/file-fault.ts';
import { isResourceShortage } from '../../runtime/shortage.ts';
import type { Secret } from '../../target/target.ts';
import { Failure } from '../failure.ts';

/** A secret's value; one in a file is read at each use, so that a rotated one counts at once. */
export async function reveal(secret: Secret): Promise<string | Failure> {
  if ('value' in secret) return secret.value;
  try {
    return (await readFile(secret.file, 'utf8')).trim();
  } catch (error) {
    const result = isResourceShortage(error) ? 'internal_error' : 'auth_error';
    return new Failure(result, `a credential file ${unreadable(error)}`);
  }
}
