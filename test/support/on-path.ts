import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs among these that are not on the PATH. */
export function missingPrograms(names: readonly string[]): readonly string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.filter((name) => !folders.some((folder) => isExecutable(join(folder, name))));
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
