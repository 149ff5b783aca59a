import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_PATH, runtimePackages } from '../../deploy/packages.ts';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

/** Licences under which a package may be part of a work under Apache-2.0 (SPDX). */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
];

const locked = Object.entries<object>(lock.packages).filter(([path]) => path !== ROOT_PATH);
const runtime = runtimePackages(new URL('../../package-lock.json', import.meta.url));
const libraries = runtime.filter(({ path }) => path !== ROOT_PATH);

test('supply chain: the content of every package is pinned', () => {
  const loose = locked.filter(
    ([, entry]) => !('integrity' in entry && /^sha512-[\w+/]{86}==$/.test(String(entry.integrity))),
  );
  assert.deepEqual(loose, []);
});

test('supply chain: no package is bound to a registry, a repository or a folder (.npmrc has npm leave that out)', () => {
  assert.deepEqual(
    locked.filter(([, entry]) => 'resolved' in entry || 'link' in entry),
    [],
  );
});

test('supply chain: of what the service runs with, nothing may run code at installation', () => {
  const allowScripts: Readonly<Record<string, boolean>> = manifest.allowScripts;
  const wrong = libraries.filter(
    ({ name, hasInstallScript }) => hasInstallScript && allowScripts[name] !== false,
  );
  assert.deepEqual(wrong, []);
});

test('supply chain: what the service runs with has licences that go with its own', () => {
  const other = libraries.filter(({ licence }) => !ALLOWED.includes(licence));
  assert.deepEqual(
    other.map(({ path, licence }) => `${path}: ${licence}`),
    [],
  );
});

test('supply chain: what the service runs with is all that its dependencies lead to', () => {
  const reached = new Set<string>();
  const reach = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const needed of runtime.find((each) => each.path === path)?.needs ?? []) reach(needed);
  };
  reach(ROOT_PATH);
  assert.deepEqual([...reached].sort(), runtime.map(({ path }) => path).sort());
  for (const name of Object.keys(manifest.dependencies)) assert.ok(reached.has(`node_modules/${name}`), name);
});
