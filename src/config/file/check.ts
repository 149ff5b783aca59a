import { targetKey } from '../../target/target.ts';
import type { EffectiveGlobal } from '../effective/inheritance.ts';
import { proxyVariableFault } from '../effective/proxies.ts';
import type { Environment } from '../environment.ts';
import { type Path, type Problem, pathText } from '../fault.ts';
import type { ConfigFile, OwnSettings } from './config-file.ts';
import { namedFileProblems } from './named-files.ts';
import { layerProblems, timeoutProblems } from './rules.ts';

/** What a config file is checked against. */
export type Surroundings = {
  /** The top level of the file as it takes effect. */
  readonly global: EffectiveGlobal;
  readonly env: Environment;
  /** Whether the command line has URLs, which replace the targets of the file. */
  readonly hasUrls: boolean;
};

/** Everything that is wrong with a config file. */
export async function problemsOf(file: ConfigFile, around: Surroundings): Promise<readonly Problem[]> {
  const { global, env, hasUrls } = around;
  const targets = (file.targets ?? []).flatMap((target, index) =>
    target === undefined ? [] : [{ ...target, at: ['targets', index] }],
  );
  const layers = [{ ...file.global, at: [] }, ...targets];
  const settings = [
    ...layers.flatMap(({ problems }) => problems),
    ...layers.flatMap(({ value, problems, at }) => withoutRepeats(layerProblems(value, at), problems)),
    ...(await namedFileProblems(layers)),
    ...targets.flatMap((target) => targetProblems(target, file.global.problems, global)),
    ...duplicates(targets, global),
  ];
  // A text without its variable has further faults, which only follow from that.
  const incomplete = new Set(file.problems.map(({ path }) => pathText(path)));
  return [
    ...file.problems,
    ...settings.filter(({ path }) => !incomplete.has(pathText(path))),
    ...(hasUrls ? [] : missingTargets(file)),
    ...proxyProblems(layers, env),
  ];
}

function missingTargets({ global, targets, problems }: ConfigFile): readonly Problem[] {
  if (targets !== undefined || global.value.target_files !== undefined) return [];
  // For an empty file there is a fault already.
  if (problems.some(({ path }) => path.length === 0)) return [];
  const wrong = 'the file has no targets and no target_files (a list; [] for none, or URLs as arguments)';
  return [{ path: [], wrong }];
}

type Layer = { readonly value: OwnSettings; readonly at: Path };

function proxyProblems(layers: readonly Layer[], env: Environment): readonly Problem[] {
  const wrong = proxyVariableFault(env);
  const using = layers.filter(({ value }) => value.proxy_from_environment === true);
  return wrong === undefined
    ? []
    : using.map(({ at }) => ({ path: [...at, 'proxy_from_environment'], wrong }));
}

// An invalid part is missing from the valid rest.
function withoutRepeats(found: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const said = new Set(problems.map(({ path }) => pathText(path)));
  return found.filter(({ path }) => !said.has(pathText(path)));
}

type Located = { readonly value: OwnSettings; readonly problems: readonly Problem[]; readonly at: Path };

function targetProblems(
  { value, problems, at }: Located,
  globalProblems: readonly Problem[],
  global: EffectiveGlobal,
): readonly Problem[] {
  const found: Problem[] = [];
  if (value.url === undefined && !isAbout(problems, 'url')) {
    found.push({ path: at, wrong: 'has no url (required)' });
  }
  // With an invalid interval there is nothing to compare with.
  const known = !isAbout(problems, 'interval') && !isAbout(globalProblems, 'interval');
  if (known) found.push(...timeoutProblems(value, value.interval ?? global.interval, at));
  return found;
}

function isAbout(problems: readonly Problem[], key: string): boolean {
  return problems.some(({ path }) => path.includes(key));
}

function duplicates(targets: readonly Located[], global: EffectiveGlobal): readonly Problem[] {
  const first = new Map<string, Path>();
  return targets.flatMap(({ value, problems, at }) => {
    if (value.url === undefined || isAbout(problems, 'labels')) return [];
    const key = targetKey(value.url, value.labels ?? global.labels);
    const before = first.get(key);
    if (before === undefined) first.set(key, at);
    return before === undefined ? [] : [{ path: at, wrong: duplicateOf(before) }];
  });
}

function duplicateOf(before: Path): string {
  return `has the same url and labels as ${pathText(before)} (they must be unique together)`;
}
