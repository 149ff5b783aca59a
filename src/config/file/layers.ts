import type { Problem } from '../fault.ts';
import { ALIASES } from '../schema/schema.ts';
import { type Entries, isEntries } from '../yaml/entries.ts';

/** A config file as its layers of settings, in the long form. */
export type Layers = {
  readonly global: Entries;
  /** Undefined where the file names none; an item that is no target is undefined too. */
  readonly targets: readonly (Entries | undefined)[] | undefined;
  readonly problems: readonly Problem[];
};

/** Takes the value of a config file apart; URLs become targets, and other spellings of keys the usual ones. */
export function layersOf(value: unknown): Layers {
  if (!isEntries(value)) return { global: {}, targets: undefined, problems: [wrongRoot(value)] };
  const { targets, ...global } = value;
  const problems: Problem[] = [];
  return {
    global: renameKeys(global, [], problems),
    targets: Object.hasOwn(value, 'targets') ? targetsOf(targets, problems) : undefined,
    problems,
  };
}

function wrongRoot(value: unknown): Problem {
  const wrong = value === null || value === undefined ? 'the file is empty' : 'the file is not a map';
  return { path: [], wrong: `${wrong} (a map of settings, such as "targets: [https://example.com/]")` };
}

function targetsOf(targets: unknown, problems: Problem[]): readonly (Entries | undefined)[] {
  if (!Array.isArray(targets)) {
    const wrong = 'is not a list (URLs, or maps with url; [] for none)';
    problems.push({ path: ['targets'], value: targets, wrong });
    return [];
  }
  return targets.map((item: unknown, index) => {
    const path = ['targets', index];
    if (typeof item === 'string') return { url: item };
    if (isEntries(item)) return renameKeys(item, path, problems);
    problems.push({ path, value: item, wrong: 'is not a target (a URL, or a map with url)' });
    return undefined;
  });
}

function renameKeys(entries: Entries, at: Problem['path'], problems: Problem[]): Entries {
  const other = new Map([...ALIASES].map(([usual, alias]) => [alias, String(usual)]));
  const pairs = Object.entries(entries).map(([key, value]) => {
    const usual = other.get(key);
    if (usual !== undefined && Object.hasOwn(entries, usual)) {
      problems.push({
        path: [...at, usual],
        wrong: `cannot be set together with ${key} (they are the same key)`,
      });
    }
    return [usual ?? key, value];
  });
  return Object.fromEntries(pairs);
}
