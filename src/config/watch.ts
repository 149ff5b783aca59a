import { readFile, stat } from 'node:fs/promises';
import { type Fingerprints, fingerprint } from './fingerprint.ts';

const CHECK_EVERY_MS = 1000;

/** What a watch works with. */
export type WatchOptions = {
  /** What the files held when they were last used. */
  readonly loaded: Fingerprints;
  /** Which files matter, asked anew at each look. */
  readonly files: () => Promise<readonly string[]>;
  readonly onChange: () => Promise<void>;
};

/**
 * Calls back whenever the content of one of the files has changed; what it returns ends that.
 * Files are looked at by path once a second: a ConfigMap swaps a symbolic link above the file, editors replace it,
 * and network file systems tell nobody, so that events of the inode would miss changes.
 */
export function watchFiles({ loaded, files, onChange }: WatchOptions): () => void {
  const seen = new Map(
    [...loaded].map(([file, content]): [string, Seen] => [file, { version: '', content }]),
  );
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const check = async () => {
    const changed = await look(await files(), seen);
    if (changed && !stopped) await onChange();
    if (!stopped) timer = setTimeout(() => void check(), CHECK_EVERY_MS).unref();
  };
  void check();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

type Seen = { readonly version: string; readonly content: string };

const MISSING: Seen = { version: 'missing', content: 'missing' };

async function look(files: readonly string[], seen: Map<string, Seen>): Promise<boolean> {
  let changed = false;
  for (const file of seen.keys()) {
    if (!files.includes(file)) changed = seen.delete(file);
  }
  for (const file of files) {
    const before = seen.get(file);
    const now = await lookAt(file, before);
    if (now.content !== before?.content) changed = true;
    seen.set(file, now);
  }
  return changed;
}

// The content is read only if the file looks another: it may be the same after all.
async function lookAt(file: string, before: Seen | undefined): Promise<Seen> {
  try {
    const { ino, mtimeMs, size } = await stat(file);
    const version = `${ino} ${mtimeMs} ${size}`;
    if (before?.version === version) return before;
    return { version, content: fingerprint(await readFile(file)) };
  } catch {
    // It may be on its way: a reload tells what is wrong with a file that stays away.
    return before ?? MISSING;
  }
}
