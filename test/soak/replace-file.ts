import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a file into place as a whole, since nobody is to read half of it, and gives its path. */
export async function replaceFile(folder: string, name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
  return file;
}
