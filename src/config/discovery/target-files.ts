import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { readOrFault } from '../../runtime/file-content.ts';
import { urlFault } from '../../target/url.ts';
import { byPlace, type Fault, shownPath } from '../fault.ts';
import { type Fingerprints, fingerprint } from '../fingerprint.ts';
import { labelsSchema } from '../schema/label.ts';
import type { TargetSettings } from '../schema/schema.ts';
import { checkedText } from '../schema/text.ts';
import { readDocument } from '../yaml/document.ts';
import { isEntries } from '../yaml/entries.ts';

/** Targets that files of Prometheus' `file_sd` format name, with what is wrong in the files. */
export type Discovered = {
  readonly targets: readonly TargetSettings[];
  readonly faults: readonly Fault[];
  /** Of every file that could be read. */
  readonly fingerprints: Fingerprints;
};

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

/** Reads target files; of a file that is broken it keeps what was last right, so that no target vanishes by mistake. */
export class TargetFiles {
  readonly #good = new Map<string, readonly TargetSettings[]>();

  /** All files that the globs find, relative to `folder`. */
  async read(globs: readonly string[], folder: string): Promise<Discovered> {
    const files = await filesOf(globs, folder);
    const read = await Promise.all(files.map(async (file) => ({ file, ...(await readTargets(file)) })));
    for (const file of this.#good.keys()) if (!files.includes(file)) this.#good.delete(file);
    for (const { file, targets } of read) if (targets !== undefined) this.#good.set(file, targets);
    return {
      targets: files.flatMap((file) => this.#good.get(file) ?? []),
      faults: read.flatMap(({ faults = [] }) => faults),
      fingerprints: new Map(read.map(({ file, content = '' }) => [file, content])),
    };
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
  readonly content?: string;
};

async function readTargets(file: string): Promise<Read> {
  const read = await readOrFault(file);
  if ('fault' in read) return { faults: [{ file, path: '', message: read.fault }] };
  const { content } = read;
  return { content: fingerprint(content), ...parsedTargets(file, content) };
}

function parsedTargets(file: string, content: Buffer): Read {
  const document = readDocument(content, new Map());
  if ('faults' in document) return { faults: document.faults.map((fault) => ({ file, path: '', ...fault })) };
  const groups = groupsSchema.safeParse(document.value);
  if (groups.success) return { targets: groups.data.flatMap(targetsOf) };
  const faults = groups.error.issues.map((issue) => {
    const path = issue.path.map(segment);
    const { line, column } = document.locate(path);
    // Of a key it says only that it is invalid; why is inside.
    const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
    return { file, line, column, path: shownPath(path), message: message ?? issue.message };
  });
  return { faults: faults.sort(byPlace) };
}

function targetsOf({ targets, labels }: z.output<typeof groupsSchema>[number]): readonly TargetSettings[] {
  return targets.map((url) => ({ url, ...(labels !== undefined && { labels }) }));
}

function segment(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

// For whoever made the file, not for the series.
function withoutMeta(labels: unknown): unknown {
  if (!isEntries(labels)) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__')));
}
