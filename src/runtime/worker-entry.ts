import { extname } from 'node:path';

/**
 * The entry of a worker thread: the file `NAME.ts` beside the file with the URL `from` (its `import.meta.url`).
 * From source it ends as that file does; in the bundle both have the bundle's extension.
 */
export function workerEntry(name: string, from: string): URL {
  return new URL(`./${name}${extname(from)}`, from);
}
