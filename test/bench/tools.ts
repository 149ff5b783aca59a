import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The folder of what the benchmarks build for themselves: `BENCH_TOOLS`, else one in the cache of the user. */
export function toolsFolder(): string {
  const folder = process.env.BENCH_TOOLS ?? join(homedir(), '.cache', 'external-url-exporter-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The absolute path of a program, looked for in the folder of tools first; undefined where there is none. */
export function onPath(name: string): string | undefined {
  const folders = [toolsFolder(), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
