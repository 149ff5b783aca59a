import * as z from 'zod';
import { type Path, type Problem, shownKey } from '../fault.ts';
import { suggest } from '../suggest.ts';
import { webConfigSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** What the schema finds wrong with a web config; hashes are not among what is shown. */
export function schemaProblems(value: unknown, issues: readonly Issue[]): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, value));
}

function problemsOf(issue: Issue, value: unknown): readonly Problem[] {
  const path: Path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], wrong: unknownKey(key, path) }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({
      path,
      value: shownKey(String(path.at(-1))),
      wrong: message,
    }));
  }
  const at = path.reduce<unknown>((part, segment) => Object(part)[segment], value);
  const isSecret = path[0] === 'basic_auth_users';
  const wrong = isSecret ? `the value ${issue.message}` : issue.message;
  return [{ path, wrong, ...(!isSecret && { value: at }) }];
}

function unknownKey(key: string, path: Path): string {
  const known = keysAt(webConfigSchema, path);
  const near = suggest(key, known);
  return `is not a known key (${near === undefined ? known.join(', ') : `did you mean ${near}?`})`;
}

function keysAt(schema: unknown, [key, ...rest]: Path): readonly string[] {
  if (schema instanceof z.ZodOptional)
    return keysAt(schema.unwrap(), key === undefined ? [] : [key, ...rest]);
  if (!(schema instanceof z.ZodObject)) return [];
  return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[key], rest);
}
