import type { Source } from './source.ts';
import { targetFileSource } from './target-files.ts';
import { commandLineSource, configFileSource } from './written-targets.ts';

/** Makes every source of targets, in the order of their targets: a new one is a file beside this and an entry here. */
export function makeSources(): readonly Source[] {
  return [configFileSource, commandLineSource, targetFileSource()];
}
