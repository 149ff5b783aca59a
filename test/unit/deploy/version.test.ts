import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readVersions, setVersion } from '../../../deploy/version.ts';
import { VERSION } from '../../../src/version.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ROOT = new URL('../../../', import.meta.url);

const fileOf = (place: string) => place.replace(/: .*/, '');

test('version: every place has the version of the package (if not: npm run set-version)', () => {
  const others = readVersions(ROOT).filter((place) => !place.endsWith(`: ${VERSION}`));
  assert.deepEqual(others, []);
});

test('version: the script changes every place', async () => {
  await using folder = await tempFolder();
  const copy = pathToFileURL(`${folder.path}/`);
  const before = readVersions(ROOT);
  for (const file of new Set(before.map(fileOf))) {
    cpSync(new URL(file, ROOT), new URL(file, copy), { recursive: true });
  }
  setVersion(copy, '12.34.56-rc.1');
  assert.deepEqual(
    readVersions(copy),
    before.map((place) => `${fileOf(place)}: 12.34.56-rc.1`),
  );
});

test('version: what is not a version is refused', () => {
  assert.throws(() => setVersion(ROOT, 'v1'), /not a version: v1 \(MAJOR.MINOR.PATCH/);
});
