import type { Config } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/environment.ts';
import { type Fault, faultLine } from '../../src/config/fault.ts';
import { type LoadOptions, makeLoader } from '../../src/config/load.ts';
import type { TempFolder } from './temp-folder.ts';

/** What may stand around a config text: its environment, and the sources beside it. */
export type Around = {
  readonly env?: Environment;
  readonly sources?: Partial<LoadOptions>;
};

/** Loads a text as `config.yml` in a folder. */
export async function loadText(folder: TempFolder, text: string, around: Around = {}) {
  const configFile = await folder.write('config.yml', text);
  return makeLoader({ urls: [], configFile, ...around.sources }, around.env ?? {}).load();
}

/** The config of a text that is right. */
export async function configOf(folder: TempFolder, text: string, around: Around = {}): Promise<Config> {
  const loaded = await loadText(folder, text, around);
  if ('config' in loaded) return loaded.config;
  throw new Error(`not loadable:\n${loaded.faults.map(faultLine).join('\n')}`);
}

/** The lines that say what is wrong with a text, without the folder; none if it is right. */
export async function faultLinesOf(
  folder: TempFolder,
  text: string,
  around: Around = {},
): Promise<readonly string[]> {
  const loaded = await loadText(folder, text, around);
  const faults: readonly Fault[] = 'faults' in loaded ? loaded.faults : [];
  return faults.map((fault) => faultLine(fault).replaceAll(`${folder.path}/`, ''));
}
