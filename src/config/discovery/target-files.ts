import { glob } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { urlFault } from '../../target/url.ts';
import type { Fault } from '../fault.ts';
import { problemsOfIssues } from '../schema/issues.ts';
import { labelsSchema } from '../schema/label.ts';
import type { TargetSettings } from '../schema/schema.ts';
import { checkedText } from '../schema/text.ts';
import { type FileHashes, hashContent, watchFiles } from '../watch.ts';
import { isEntries } from '../yaml/entries.ts';
import { readYaml } from '../yaml/file.ts';
import type { Discovered, OnChange, Source } from './source.ts';

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
const groupsSchema = z.array(
  z.strictObject(
    {
      targets: z.array(checkedText(urlFault), { error: 'is not a list of URLs' }),
      labels: z.preprocess(withoutMeta, labelsSchema).optional(),
    },
    { error: 'is not a map with targets and labels' },
  ),
  { error: 'is not a list of groups (such as [{targets: [https://example.com/], labels: {team: a}}])' },
);

/** The targets that `target_files` of the config file name, in Prometheus' `file_sd` format. */
export function targetFileSource(): Source {
  const files = new TargetFiles();
  return {
    read: ({ file, global, configFile = '' }) =>
      files.read(file === undefined ? [] : global.target_files, dirname(configFile)),
    watch: (onChange) => files.watch(onChange),
  };
}

/** Reads target files; of a broken file it keeps the last valid targets, so that none disappears by mistake. */
export class TargetFiles {
  readonly #valid = new Map<string, readonly TargetSettings[]>();
  #files: () => Promise<readonly string[]> = () => Promise.resolve([]);
  #loaded: FileHashes = {};

  /** All files that the globs find, relative to `folder`. */
  async read(globs: readonly string[], folder: string): Promise<Discovered> {
    this.#files = () => filesOf(globs, folder);
    const files = await this.#files();
    const read = await Promise.all(files.map(async (file) => ({ file, ...(await readTargets(file)) })));
    for (const file of this.#valid.keys()) if (!files.includes(file)) this.#valid.delete(file);
    for (const { file, targets } of read) if (targets !== undefined) this.#valid.set(file, targets);
    this.#loaded = Object.fromEntries(read.map(({ file, hash = '' }) => [file, hash]));
    return {
      targets: files.flatMap((file) => this.#valid.get(file) ?? []),
      faults: read.flatMap(({ faults = [] }) => faults),
    };
  }

  /** Calls back when a file has changed, joined or left. */
  watch(onChange: OnChange): () => void {
    return watchFiles({
      files: () => this.#files(),
      loaded: () => this.#loaded,
      onChange: () => onChange('a file changed'),
    });
  }
}

/** The files that globs find, each once, in the order of their names. */
export async function filesOf(globs: readonly string[], folder: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of globs) {
    for await (const file of glob(resolve(folder, pattern))) found.add(file);
  }
  return [...found].sort();
}

type Read = {
  readonly targets?: readonly TargetSettings[];
  readonly faults?: readonly Fault[];
  readonly hash?: string;
};

async function readTargets(file: string): Promise<Read> {
  const read = await readYaml(file);
  const hash = read.content && { hash: hashContent(read.content) };
  if ('faults' in read) return { ...hash, faults: read.faults };
  const groups = groupsSchema.safeParse(read.value);
  if (groups.success) return { ...hash, targets: groups.data.flatMap(targetsOf) };
  const problems = problemsOfIssues(groups.error.issues, read.value, { schema: groupsSchema });
  return { ...hash, faults: read.faultsOf(problems) };
}

function targetsOf({ targets, labels }: z.output<typeof groupsSchema>[number]): readonly TargetSettings[] {
  return targets.map((url) => ({ url, ...(labels !== undefined && { labels }) }));
}

// They are notes of the program that made the file, not labels of the series.
function withoutMeta(labels: unknown): unknown {
  if (!isEntries(labels)) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__')));
}
