import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashContent, hashFile, watchContent, watchFiles } from '../../src/config/watch.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** A watch whose looks and changes can be awaited. */
async function watching(files: () => readonly string[]) {
  const hashFiles = async () =>
    Object.fromEntries(
      await Promise.all(files().map(async (file): Promise<[string, string]> => [file, await hashFile(file)])),
    );
  let loaded = await hashFiles();
  const events = new EventEmitter();
  let looks = 0;
  let changes = 0;
  const stop = watchFiles({
    loaded: () => loaded,
    files: () => {
      looks += 1;
      events.emit('look');
      return Promise.resolve(files());
    },
    onChange: async () => {
      loaded = await hashFiles();
      changes += 1;
      events.emit('change');
    },
  });
  return {
    changed: () => once(events, 'change', { signal: AbortSignal.timeout(60_000) }),
    // Two more looks: whatever was written before them has been seen.
    looked: async () => {
      const until = looks + 2;
      while (looks < until) await once(events, 'look', { signal: AbortSignal.timeout(60_000) });
    },
    changes: () => changes,
    [Symbol.dispose]: stop,
  };
}

async function configMap(folder: TempFolder, version: string, text: string): Promise<void> {
  const file = await folder.write(`${version}.yml`, text);
  await symlink(file, join(folder.path, 'next'));
  await rename(join(folder.path, 'next'), join(folder.path, 'config.yml'));
}

test('watch: a file that is written again has changed', async () => {
  await using folder = await tempFolder();
  const file = await folder.write('config.yml', 'a: 1');
  using watch = await watching(() => [file]);
  await watch.looked();
  const changed = watch.changed();
  await writeFile(file, 'a: 2');
  await changed;
});

test('watch: a ConfigMap that swaps its symbolic link has changed', async () => {
  await using folder = await tempFolder();
  await configMap(folder, 'v1', 'a: 1');
  using watch = await watching(() => [join(folder.path, 'config.yml')]);
  await watch.looked();
  const changed = watch.changed();
  await configMap(folder, 'v2', 'a: 2');
  await changed;
});

test('watch: a file that is only touched has not changed, nor has one that is away for a moment', async () => {
  await using folder = await tempFolder();
  const file = await folder.write('config.yml', 'a: 1');
  using watch = await watching(() => [file]);
  await watch.looked();
  await utimes(file, new Date(0), new Date(0));
  await watch.looked();
  await rm(file);
  await watch.looked();
  await writeFile(file, 'a: 1');
  await watch.looked();
  assert.equal(watch.changes(), 0);
});

test('watch: a file that joins or leaves is a change', async () => {
  await using folder = await tempFolder();
  const [a, b] = [await folder.write('a.yml', '[]'), await folder.write('b.yml', '[]')];
  let files = [a];
  using watch = await watching(() => files);
  await watch.looked();
  const joined = watch.changed();
  files = [a, b];
  await joined;
  const left = watch.changed();
  files = [b];
  await left;
});

test('watch: a file that changed between its use and the first look has changed', async () => {
  await using folder = await tempFolder();
  const file = await folder.write('config.yml', 'a: 2');
  const changed = new Promise<void>((resolve) => {
    const stop = watchFiles({
      loaded: () => ({ [file]: hashContent(Buffer.from('a: 1')) }),
      files: () => Promise.resolve([file]),
      onChange: () => {
        stop();
        resolve();
        return Promise.resolve();
      },
    });
  });
  await changed;
});

test('watch: content that is read once only is not reported: the file may be half written', async () => {
  const contents = ['half', 'whole', 'whole'];
  const reported = await new Promise((resolve) => {
    const stop = watchContent({
      read: () => Promise.resolve(contents.shift() ?? 'whole'),
      loaded: () => 'before',
      onChange: (content) => {
        stop();
        resolve(content);
      },
      lookEveryMs: 1,
    });
  });
  assert.equal(reported, 'whole');
});
