import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

const LOOK_EVERY_MS = 1000;
// A shorter pause before the second read, so that a change takes effect within the two seconds that the README promises.
const CONFIRM_AFTER_MS = 500;

/** What a watch works with; contents are compared as JSON. */
export type WatchOptions<Content> = {
  /** Reads what is there now. */
  readonly read: () => Promise<Content>;
  /** What was loaded last. */
  readonly loaded: () => Content;
  readonly onChange: (content: Content) => void | Promise<void>;
  readonly lookEveryMs?: number;
};

/**
 * Calls back when the content differs from what was loaded last and was read twice the same: a file that is just being
 * written may look complete. Returns a function that ends the watch.
 * It reads again and again: a ConfigMap swaps a symbolic link above the file, editors replace it, and network file
 * systems send no events, so that events would miss changes.
 */
export function watchContent<Content>(options: WatchOptions<Content>): () => void {
  const { read, loaded, onChange, lookEveryMs = LOOK_EVERY_MS } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let before: string | undefined;
  const look = async () => {
    const content = await read();
    const text = JSON.stringify(content);
    const isChanged = text !== JSON.stringify(loaded());
    const isConfirmed = isChanged && text === before;
    before = text;
    if (isConfirmed && !stopped) await onChange(content);
    const waitMs = isChanged ? Math.min(CONFIRM_AFTER_MS, lookEveryMs) : lookEveryMs;
    if (!stopped) timer = setTimeout(() => void look(), waitMs).unref();
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** What files hold, as a hash by path; empty for a file that cannot be read. */
export type FileHashes = Readonly<Record<string, string>>;

/** The hash of a content. */
export function hashContent(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}

/** The hash of a file; empty if it cannot be read. */
export function hashFile(file: string): Promise<string> {
  return readFile(file).then(hashContent, () => '');
}

/** What a watch of files works with. */
export type FileWatchOptions = {
  /** Which files matter, asked at each look. */
  readonly files: () => Promise<readonly string[]>;
  /** What the files held when they were loaded last. */
  readonly loaded: () => FileHashes;
  readonly onChange: () => Promise<void>;
};

/** Calls back when files hold something else than when they were loaded, or when other files matter. */
export function watchFiles({ files, loaded, onChange }: FileWatchOptions): () => void {
  const seen = new Map<string, { readonly version: string; readonly hash: string }>();
  // The content is read only if the file looks changed.
  async function hashOf(file: string): Promise<string> {
    const { ino, mtimeMs, size } = await stat(file);
    const version = `${ino} ${mtimeMs} ${size}`;
    const known = seen.get(file);
    const hash = known?.version === version ? known.hash : hashContent(await readFile(file));
    seen.set(file, { version, hash });
    return hash;
  }
  const read = async () => {
    const before = loaded();
    const hashes = (await files()).map(async (file): Promise<[string, string]> => {
      // A file that cannot be read may be on its way: a reload says what is wrong with one that stays away.
      return [file, await hashOf(file).catch(() => before[file] ?? '')];
    });
    return Object.fromEntries(await Promise.all(hashes));
  };
  return watchContent<FileHashes>({ read, loaded, onChange });
}
