import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone with all its files once it is disposed of. */
export type TempFolder = AsyncDisposable & {
  readonly path: string;
  /** Writes a file, in place of one of the same name, and gives its absolute path. */
  write(name: string, content: string): Promise<string>;
};

/** Makes an empty temporary folder. */
export async function tempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'external-url-exporter-'));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, content);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}
