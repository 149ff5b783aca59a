import { createHash } from 'node:crypto';

/** Tells one content of a file from another. */
export function fingerprint(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}

/** What files held when they were read, by path. */
export type Fingerprints = ReadonlyMap<string, string>;
