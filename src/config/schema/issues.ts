import * as z from 'zod';
import { type Path, type Problem, showKey, showValue } from '../fault.ts';
import { suggest } from '../suggest.ts';

/** What a value was checked against, for the messages about its unknown keys. */
export type Checked = {
  readonly schema: z.ZodType;
  /** Where the value stands; the root if not given. */
  readonly at?: Path;
  /** Keys that are known in another place, and the words for that place. */
  readonly elsewhere?: { readonly keys: object; readonly place: string };
};

/** What a schema finds wrong with a value, as problems. */
export function problemsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  checked: Checked,
): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, value, checked));
}

/** The path of an issue within the value that was checked. */
export function pathOf(issue: z.core.$ZodIssue): Path {
  return issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown, checked: Checked): readonly Problem[] {
  const inside = pathOf(issue);
  const path = [...(checked.at ?? []), ...inside];
  if (issue.code === 'unrecognized_keys') {
    const { keys } = issue;
    return keys.map((key) => ({
      path: [...path, key],
      wrong: unknownKey(key, inside, checked, keys.length),
    }));
  }
  if (issue.code === 'invalid_key') {
    const key = showValue(showKey(String(inside.at(-1))));
    return issue.issues.map(({ message }) => ({ path, wrong: `${key} ${message}` }));
  }
  return [{ path, value: valueAt(value, inside), wrong: issue.message }];
}

// A suggestion for each of very many keys would take seconds.
const MAX_SUGGESTED = 100;

function unknownKey(key: string, inside: Path, { schema, elsewhere }: Checked, count: number): string {
  if (inside.length === 0 && elsewhere && Object.hasOwn(elsewhere.keys, key)) {
    return `is not allowed here (only ${elsewhere.place})`;
  }
  const known = keysAt(schema, inside);
  const near = count <= MAX_SUGGESTED ? suggest(key, known) : undefined;
  return `is not a known key (${near === undefined ? known.join(', ') : `did you mean ${near}?`})`;
}

function keysAt(schema: unknown, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodArray) return keysAt(schema.unwrap(), rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[key], rest);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, segment) => Object(part)[segment], value);
}
