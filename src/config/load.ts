import { problemsOf } from './check.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { type EffectiveGlobal, effectiveGlobal, type Overrides } from './effective.ts';
import type { Fault, Problem } from './fault.ts';
import { proxyVariableFault } from './proxies.ts';
import { resolveTargets } from './resolve.ts';
import type { TargetSettings } from './schema.ts';
import type { Target } from './target.ts';
import { DEFAULT_URLS } from './url.ts';
import type { Environment } from './variables.ts';
import { warningsOf } from './warning.ts';

/** The settings in effect, with the targets they make. */
export type Config = {
  readonly targets: readonly Target[];
  /** Most probes at once. */
  readonly concurrency: number;
  /** For the log: what is allowed but not as it should be. */
  readonly warnings: readonly string[];
  /** The same settings in the terms of the config file, for showing them. */
  readonly settings: EffectiveSettings;
};

/** The top level in effect, and what each target sets itself, in the order of the targets. */
export type EffectiveSettings = {
  readonly global: EffectiveGlobal;
  readonly targets: readonly TargetSettings[];
  /** The paths, as texts, whose value came from the environment. */
  readonly filled: ReadonlySet<string>;
};

/** The part of the command line that decides the config. */
export type Sources = Overrides & {
  /** URLs that replace the targets of the file. */
  readonly urls: readonly string[];
  readonly configFile?: string;
  readonly demo: boolean;
};

/** Loads the config from scratch, at start or at a reload; `extraUrls` are further targets, beside those given. */
export async function loadConfig(
  sources: Sources,
  env: Environment,
  extraUrls: readonly string[] = [],
): Promise<{ readonly config: Config } | { readonly faults: readonly Fault[] }> {
  if (sources.configFile === undefined) {
    const urls = sources.urls.length > 0 || sources.demo ? sources.urls : DEFAULT_URLS;
    return {
      config: configOf(effectiveGlobal({}, sources), targetsOf([...urls, ...extraUrls]), new Set(), env),
    };
  }
  const file = await readConfigFile(sources.configFile, env);
  if (!('global' in file)) return file;
  const global = effectiveGlobal(file.global.value, sources);
  const problems = [
    ...(await problemsOf(file, global)),
    ...noTargets(file, sources),
    ...proxyProblems(file, env),
  ];
  if (problems.length > 0) return { faults: file.faults(problems) };
  const targets = sources.urls.length > 0 ? targetsOf(sources.urls) : fileTargets(file);
  const filled = sources.urls.length > 0 ? withoutTargets(file.filled) : file.filled;
  return { config: configOf(global, [...targets, ...targetsOf(extraUrls)], filled, env) };
}

function configOf(
  global: EffectiveGlobal,
  targets: readonly TargetSettings[],
  filled: ReadonlySet<string>,
  env: Environment,
): Config {
  const settings = { global, targets, filled };
  const resolved = resolveTargets(global, targets, env);
  return {
    targets: resolved,
    concurrency: global.concurrency,
    warnings: warningsOf(resolved, targets, global),
    settings,
  };
}

function noTargets({ targets, problems }: ConfigFile, { urls }: Sources): readonly Problem[] {
  // An empty file has said so already.
  const isFault =
    targets === undefined && urls.length === 0 && !problems.some(({ path }) => path.length === 0);
  return isFault
    ? [{ path: [], wrong: 'the file has no targets (a list; [] for none, or URLs as arguments)' }]
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
