import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../support/on-path.ts';

/** The folder of what the benchmarks build for themselves: `BENCH_TOOLS`, else one in the cache of the user. */
export function toolsFolder(): string {
  const folder = process.env.BENCH_TOOLS ?? join(homedir(), '.cache', 'external-url-exporter-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The absolute path of a program, looked for in the folder of tools first; undefined where there is none. */
export function tool(name: string): string | undefined {
  return onPath(name, [toolsFolder()]);
}
