import type * as z from 'zod';
import { type Path, type Problem, pathText } from '../fault.ts';
import { pathOf, problemsOfIssues } from '../schema/issues.ts';
import { fileSchema, targetSchema } from '../schema/schema.ts';
import { type Entries, isEntries } from '../yaml/entries.ts';

/** The valid part of a layer of settings, and what is wrong with the rest. */
export type Parsed<T> = { readonly value: T; readonly problems: readonly Problem[] };

const TOP_LEVEL = { schema: fileSchema, elsewhere: { keys: targetSchema.shape, place: 'on a target' } };
const TARGET = { schema: targetSchema, elsewhere: { keys: fileSchema.shape, place: 'at the top level' } };

/**
 * Parses a layer that stands at `at`; `schema` has nothing but optional keys. The valid part comes back even beside
 * faults, so that the checks that follow can find theirs in the same run.
 */
export function parseLayer<T>(schema: z.ZodType<T>, layer: Entries, at: Path): Parsed<T> {
  const first = schema.safeParse(layer);
  if (first.success) return { value: first.data, problems: [] };
  const { issues } = first.error;
  const problems = problemsOfIssues(issues, layer, { ...(at.length === 0 ? TOP_LEVEL : TARGET), at });
  const paths = issues.flatMap(pathsOf);
  const second = schema.safeParse(removeParts(layer, new Set(paths.map(pathText)), []));
  if (second.success) return { value: second.data, problems };
  const keys = new Set([...paths, ...second.error.issues.flatMap(pathsOf)].map((path) => path[0]));
  const valid = Object.entries(layer).filter(([key]) => !keys.has(key));
  return { value: schema.parse(Object.fromEntries(valid)), problems };
}

function pathsOf(issue: z.core.$ZodIssue): readonly Path[] {
  const path = pathOf(issue);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function removeParts(value: unknown, paths: ReadonlySet<string>, at: Path): unknown {
  const keeps = (segment: string | number) => !paths.has(pathText([...at, segment]));
  if (Array.isArray(value)) return value.filter((_, index) => keeps(index));
  if (!isEntries(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keeps(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, removeParts(part, paths, [...at, key])]));
}
