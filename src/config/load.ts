import { type Config, makeConfig } from './config.ts';
import type { OnChange } from './discovery/source.ts';
import { makeSources } from './discovery/sources.ts';
import { type EffectiveGlobal, type Overrides, resolveGlobal } from './effective/inheritance.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './fault.ts';
import { problemsOf } from './file/check.ts';
import { type ConfigFile, readConfigFile } from './file/config-file.ts';
import { type FileHashes, hashFile, watchFiles } from './watch.ts';

/** The part of the command line that decides the config. */
export type LoadOptions = Overrides & {
  /** URLs that replace the targets of the file. */
  readonly urls: readonly string[];
  readonly configFile?: string;
  /** URLs of the demo server, beside the other targets; undefined without a demo. */
  readonly demoUrls?: readonly string[];
};

/** The config, or every fault of its file. */
type Loaded = { readonly config: Config } | { readonly faults: readonly Fault[] };

/** Loads the config, at start and at each reload. */
export type Loader = {
  readonly load: () => Promise<Loaded>;
  /** Calls back when a load would find something else; returns a function that ends that. */
  readonly watch: (onChange: OnChange) => () => void;
};

/** Makes the loader of a process; its sources of targets remember what they found before. */
export function makeLoader(options: LoadOptions, env: Environment): Loader {
  const sources = makeSources();
  const { configFile, urls } = options;
  let loaded: FileHashes = {};

  async function load(): Promise<Loaded> {
    if (configFile === undefined) return { config: await mergeSources(resolveGlobal({}, options)) };
    // Before it is read: if it changes in between, the watch finds that.
    loaded = { [configFile]: await hashFile(configFile) };
    const file = await readConfigFile(configFile, env);
    if (!('global' in file)) return file;
    const global = resolveGlobal(file.global.value, options);
    const problems = await problemsOf(file, { global, env, hasUrls: urls.length > 0 });
    if (problems.length > 0) return { faults: file.faults(problems) };
    return { config: await mergeSources(global, file) };
  }

  async function mergeSources(global: EffectiveGlobal, file?: ConfigFile): Promise<Config> {
    const hasUrls = urls.length > 0;
    const given = { ...options, global, ...(file !== undefined && !hasUrls && { file }) };
    const found = await Promise.all(
      sources.map(async ({ read, isWritten = false }) => ({ ...(await read(given)), isWritten })),
    );
    const targetsOf = (ofWritten: boolean) =>
      found.filter(({ isWritten }) => isWritten === ofWritten).flatMap(({ targets }) => targets);
    const filled = file?.filled ?? new Set();
    const settings = {
      global,
      targets: targetsOf(true),
      filled: hasUrls ? withoutTargets(filled) : filled,
    };
    const discovered = { targets: targetsOf(false), faults: found.flatMap(({ faults }) => faults) };
    return makeConfig(settings, discovered, env);
  }

  function watch(onChange: OnChange): () => void {
    const files = configFile === undefined ? [] : [configFile];
    const stops = [
      watchFiles({
        files: () => Promise.resolve(files),
        loaded: () => loaded,
        onChange: () => onChange('a file changed'),
      }),
      ...sources.map((source) => source.watch?.(onChange)),
    ];
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  return { load, watch };
}

function withoutTargets(filled: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...filled].filter((path) => !path.startsWith('targets[')));
}
