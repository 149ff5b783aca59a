import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';

const run = promisify(execFile);

/** The folder of the chart. */
export const CHART = fileURLToPath(new URL('../../deploy/helm/external-url-exporter/', import.meta.url));

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** An object as the chart renders it. */
export type Rendered = z.infer<typeof objectSchema>;

/** Runs helm and gives what it printed; rejects with what it complained of. */
export async function helm(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('helm', [...args], { maxBuffer: 1 << 24 });
  return stdout;
}

/** The objects that the chart renders as release `monitor`, with flags such as `--set=shards=3`. */
export async function rendered(...flags: readonly string[]): Promise<readonly Rendered[]> {
  // Without a cluster, what a helm takes for its version depends on how it was built.
  const text = await helm('template', 'monitor', CHART, '--kube-version=1.34', ...flags);
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object) => object !== null)
    .map((object) => objectSchema.parse(object));
}
