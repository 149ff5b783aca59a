import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The absolute path of a program, looked for in these folders and then on the PATH; undefined where there is none. */
export function onPath(name: string, firstIn: readonly string[] = []): string | undefined {
  const folders = [...firstIn, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The programs among these that are not on the PATH. */
export function missingPrograms(names: readonly string[]): readonly string[] {
  return names.filter((name) => onPath(name) === undefined);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // It is not there or not ours to run: both are the answer.
    return false;
  }
}
