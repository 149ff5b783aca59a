import { dirname } from 'node:path';
import { DEFAULT_URLS } from '../target/url.ts';
import { type Config, configOf } from './config.ts';
import { type Discovered, filesOf, TargetFiles } from './discovery/target-files.ts';
import { effectiveGlobal, type Overrides } from './effective/effective.ts';
import { proxyVariableFault } from './effective/proxies.ts';
import type { Environment } from './environment.ts';
import type { Fault, Problem } from './fault.ts';
import { problemsOf } from './file/check.ts';
import { type ConfigFile, readConfigFile } from './file/config-file.ts';
import type { TargetSettings } from './schema/schema.ts';

/** The part of the command line that decides the config. */
export type Sources = Overrides & {
  /** URLs that replace the targets of the file. */
  readonly urls: readonly string[];
  readonly configFile?: string;
  readonly demo: boolean;
};

/** The config, or every fault of its file. */
export type Loaded = { readonly config: Config } | { readonly faults: readonly Fault[] };

/**
 * Loads the config from scratch, at start or at a reload; `extraUrls` are further targets, beside those given, and
 * `targetFiles` remembers what target files held before.
 */
export async function loadConfig(
  sources: Sources,
  env: Environment,
  extraUrls: readonly string[] = [],
  targetFiles = new TargetFiles(),
): Promise<Loaded> {
  const { configFile, urls, demo } = sources;
  const extra = targetsOf(extraUrls);
  if (configFile === undefined) {
    const targets = [...targetsOf(urls.length > 0 || demo ? urls : DEFAULT_URLS), ...extra];
    const settings = { global: effectiveGlobal({}, sources), targets, filled: new Set<string>() };
    return { config: configOf(settings, NOTHING_DISCOVERED, () => Promise.resolve([]), env) };
  }
  const file = await readConfigFile(configFile, env);
  if (!('global' in file)) return file;
  const global = effectiveGlobal(file.global.value, sources);
  const problems = [
    ...(await problemsOf(file, global)),
    ...noTargets(file, sources),
    ...proxyProblems(file, env),
  ];
  if (problems.length > 0) return { faults: file.faults(problems) };
  const own =
    urls.length > 0
      ? { global, targets: [...targetsOf(urls), ...extra], filled: withoutTargets(file.filled) }
      : { global, targets: [...fileTargets(file), ...extra], filled: file.filled };
  const globs = urls.length > 0 ? [] : global.target_files;
  const folder = dirname(configFile);
  const found = await targetFiles.read(globs, folder);
  const fingerprints = new Map([...found.fingerprints, [configFile, file.fingerprint]]);
  const files = async () => [configFile, ...(await filesOf(globs, folder))];
  return { config: configOf(own, { ...found, fingerprints }, files, env) };
}

const NOTHING_DISCOVERED: Discovered = { targets: [], faults: [], fingerprints: new Map() };

function noTargets({ global, targets, problems }: ConfigFile, { urls }: Sources): readonly Problem[] {
  // An empty file has said so already.
  const isFault =
    targets === undefined &&
    global.value.target_files === undefined &&
    urls.length === 0 &&
    !problems.some(({ path }) => path.length === 0);
  return isFault
    ? [
        {
          path: [],
          wrong: 'the file has no targets and no target_files (a list; [] for none, or URLs as arguments)',
        },
      ]
    : [];
}

function proxyProblems({ global, targets = [] }: ConfigFile, env: Environment): readonly Problem[] {
  const layers = [
    { value: global.value, at: [] },
    ...targets.map((target, index) => ({ value: target?.value, at: ['targets', index] })),
  ];
  const wrong = proxyVariableFault(env);
  const using = layers.filter(({ value }) => value?.proxy_from_environment === true);
  return wrong === undefined
    ? []
    : using.map(({ at }) => ({ path: [...at, 'proxy_from_environment'], wrong }));
}

function targetsOf(urls: readonly string[]): readonly TargetSettings[] {
  return urls.map((url) => ({ url }));
}

function fileTargets({ targets = [] }: ConfigFile): readonly TargetSettings[] {
  return targets.flatMap((target) => {
    const url = target?.value.url;
    return url === undefined ? [] : [{ ...target?.value, url }];
  });
}

function withoutTargets(filled: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...filled].filter((path) => !path.startsWith('targets[')));
}
