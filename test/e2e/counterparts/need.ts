import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The options of tests that need programs: they are skipped where one is not on the PATH.
 * With REQUIRE_COUNTERPARTS=1 they run all the same, and fail for want of it.
 */
export function need(...programs: readonly string[]): { readonly skip: string | false } {
  const missing = programs.filter((name) => !isOnPath(name));
  if (missing.length === 0 || process.env.REQUIRE_COUNTERPARTS === '1') return { skip: false };
  return { skip: `not on the PATH: ${missing.join(', ')} (test/e2e/tools.sh builds them)` };
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
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
