import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runtimePackages } from '../../../deploy/packages.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { run } from '../../support/program.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../../deploy/sbom.ts', import.meta.url));

const [own, ...libraries] = runtimePackages(new URL('../../../package-lock.json', import.meta.url));

describe('sbom', () => {
  let folder: TempFolder;

  before(async () => {
    folder = await tempFolder();
    const { exitCode, output } = await run(process.execPath, [SCRIPT, folder.path]);
    assert.equal(exitCode, 0, output);
  });
  after(() => folder[Symbol.asyncDispose]());

  const written = (name: string) => readFile(`${folder.path}/${name}`, 'utf8');

  test('sbom: it is CycloneDX about this version', async () => {
    const { bomFormat, specVersion, metadata } = JSON.parse(await written('sbom.cdx.json'));
    assert.deepEqual([bomFormat, specVersion], ['CycloneDX', '1.6']);
    assert.equal(metadata.component.name, manifest.name);
    assert.equal(metadata.component.version, own?.version);
  });

  test('sbom: it has every package that the service runs with, with version, licence, purl and hash', async () => {
    const { components } = JSON.parse(await written('sbom.cdx.json'));
    assert.equal(components.length, libraries.length);
    for (const [index, { name, version, licence }] of libraries.entries()) {
      const { licenses, purl, hashes, ...component } = components[index];
      assert.deepEqual([component.name, component.version], [name, version]);
      assert.deepEqual(licenses, [{ license: { id: licence } }], name);
      assert.equal(decodeURIComponent(purl), `pkg:npm/${name}@${version}`);
      assert.match(hashes[0].content, /^[0-9a-f]{128}$/);
    }
  });

  test('sbom: it says what needs what, and names nothing that it does not have', async () => {
    const { metadata, components, dependencies } = JSON.parse(await written('sbom.cdx.json'));
    const refs: string[] = [metadata.component, ...components].map((component) => component['bom-ref']);
    assert.equal(new Set(refs).size, refs.length);
    assert.deepEqual(
      dependencies.map(({ ref }: { ref: string }) => ref),
      refs,
    );
    const needed: string[] = dependencies.flatMap(({ dependsOn }: { dependsOn: string[] }) => dependsOn);
    assert.deepEqual(
      needed.filter((ref) => !refs.includes(ref)),
      [],
    );
    assert.equal(dependencies[0].dependsOn.length, Object.keys(manifest.dependencies).length);
  });

  test('sbom: the licence of every package is beside it', async () => {
    const licences = await written('licences.txt');
    for (const { name, version, licence } of libraries) {
      assert.ok(licences.includes(`\n${name} ${version} (${licence})\n`), name);
    }
    assert.match(licences, /^axios .*\n[\s\S]*Permission is hereby granted, free of charge/m);
  });
});
