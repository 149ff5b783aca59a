import { targetKey } from '../../target/target.ts';
import type { EffectiveGlobal } from '../effective/effective.ts';
import type { Path, Problem } from '../fault.ts';
import { pathText } from '../fault.ts';
import type { ConfigFile, OwnSettings } from './config-file.ts';
import { FileCheck } from './file-check.ts';
import { layerProblems, timeoutProblems } from './rules.ts';

/** Everything that is wrong with a config file; `global` is its top level as it takes effect. */
export async function problemsOf(file: ConfigFile, global: EffectiveGlobal): Promise<readonly Problem[]> {
  const targets = (file.targets ?? []).flatMap((target, index) =>
    target === undefined ? [] : [{ ...target, at: ['targets', index] }],
  );
  const layers = [{ ...file.global, at: [] }, ...targets];
  const files = new FileCheck();
  const settings = [
    ...layers.flatMap(({ problems }) => problems),
    ...layers.flatMap(({ value, problems, at }) => withoutRepeats(layerProblems(value, at), problems)),
    ...(await Promise.all(layers.map(({ value, at }) => files.problems(value, at)))).flat(),
    ...targets.flatMap((target) => targetProblems(target, file.global.problems, global)),
    ...duplicates(targets, global),
  ];
  // A text that lacks its variable is wrong in other ways too, which tell nothing.
  const incomplete = new Set(file.problems.map(({ path }) => pathText(path)));
  return [...file.problems, ...settings.filter(({ path }) => !incomplete.has(pathText(path)))];
}

// A part that is wrong is missing among what is right.
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
  // Against an interval that is wrong itself there is nothing to say.
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
  return `has the url and labels of ${pathText(before)} (unique together)`;
}
