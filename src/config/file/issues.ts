import * as z from 'zod';
import { type Path, type Problem, pathText, shownKey } from '../fault.ts';
import { fileSchema, targetSchema } from '../schema/schema.ts';
import { shown } from '../shown.ts';
import { suggest } from '../suggest.ts';
import { type Entries, isEntries } from '../yaml/entries.ts';

/** What of a layer of settings is right, and what is wrong with the rest. */
export type Parsed<T> = { readonly value: T; readonly problems: readonly Problem[] };

/**
 * Parses a layer that stands at `at`; `schema` has nothing but optional keys. What is right comes back even beside
 * faults, so that the checks that follow can find theirs in the same run.
 */
export function parseLayer<T>(schema: z.ZodType<T>, layer: Entries, at: Path): Parsed<T> {
  const first = schema.safeParse(layer);
  if (first.success) return { value: first.data, problems: [] };
  const problems = first.error.issues.flatMap((issue) => problemsOf(issue, layer, at));
  const paths = first.error.issues.flatMap(pathsOf);
  const second = schema.safeParse(without(layer, new Set(paths.map(pathText)), []));
  if (second.success) return { value: second.data, problems };
  const keys = new Set([...paths, ...second.error.issues.flatMap(pathsOf)].map((path) => path[0]));
  return {
    value: schema.parse(Object.fromEntries(Object.entries(layer).filter(([key]) => !keys.has(key)))),
    problems,
  };
}

type Issue = z.core.$ZodIssue;

function pathOf(issue: Issue): Path {
  return issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
}

function pathsOf(issue: Issue): readonly Path[] {
  const path = pathOf(issue);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function without(value: unknown, paths: ReadonlySet<string>, at: Path): unknown {
  const keeps = (segment: string | number) => !paths.has(pathText([...at, segment]));
  if (Array.isArray(value)) return value.filter((_, index) => keeps(index));
  if (!isEntries(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keeps(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, without(part, paths, [...at, key])]));
}

function problemsOf(issue: Issue, layer: Entries, at: Path): readonly Problem[] {
  const inside = pathOf(issue);
  const path = [...at, ...inside];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], wrong: unknownKey(key, at, inside) }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({
      path,
      wrong: `${shown(shownKey(String(inside.at(-1))))} ${message}`,
    }));
  }
  return [{ path, value: valueAt(layer, inside), wrong: issue.message }];
}

function unknownKey(key: string, at: Path, inside: Path): string {
  const [here, there, place] =
    at.length === 0
      ? [fileSchema, targetSchema, 'of a target only']
      : [targetSchema, fileSchema, 'of the top level only'];
  if (inside.length === 0 && Object.hasOwn(there.shape, key)) return `is not known here (a key ${place})`;
  const known = keysAt(here, inside);
  const near = suggest(key, known);
  return `is not a known key (${near === undefined ? known.join(', ') : `did you mean ${near}?`})`;
}

function keysAt(schema: unknown, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  if (!(schema instanceof z.ZodObject)) return [];
  const [key, ...rest] = path;
  return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[key], rest);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, segment) => Object(part)[segment], value);
}
