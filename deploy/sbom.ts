import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { ROOT_PATH, type RuntimePackage, runtimePackages } from './packages.ts';

// Writes a bill of materials (CycloneDX) of the bundle and the texts of its licences, into dist or the folder given. Most
// licences require that their text is passed on. Both files are made from the lock file and the packages alone.
const root = new URL('../', import.meta.url);
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('dist', root)));
const packages = runtimePackages(new URL('package-lock.json', root));
const libraries = packages.filter(({ path }) => path !== ROOT_PATH);

await mkdir(folder, { recursive: true });
await writeFile(`${folder}/sbom.cdx.json`, `${JSON.stringify(billOfMaterials(), undefined, 2)}\n`);
await writeFile(`${folder}/licences.txt`, (await Promise.all(libraries.map(licenceOf))).join(''));

/** @see https://cyclonedx.org/docs/1.6/json/ */
function billOfMaterials(): object {
  const refs = new Map(packages.map((each) => [each.path, refOf(each)]));
  const { name, version, license } = manifest;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': refs.get(ROOT_PATH),
        name,
        version,
        licenses: licensesOf(license),
      },
    },
    components: libraries.map((each) => ({
      type: 'library',
      'bom-ref': refs.get(each.path),
      name: each.name,
      version: each.version,
      licenses: licensesOf(each.licence),
      purl: purlOf(each),
      hashes: [{ alg: 'SHA-512', content: Buffer.from(each.sha512, 'base64').toString('hex') }],
    })),
    dependencies: packages.map(({ path, needs }) => ({
      ref: refs.get(path),
      dependsOn: needs.map((needed) => refs.get(needed)),
    })),
  };
}

function refOf(each: RuntimePackage): string {
  return each.path === ROOT_PATH ? manifest.name : `${purlOf(each)}#${each.path}`;
}

/** @see https://github.com/package-url/purl-spec */
function purlOf({ name, version }: RuntimePackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licensesOf(licence: string): readonly object[] {
  return [licence.includes(' ') ? { expression: licence } : { license: { id: licence } }];
}

async function licenceOf({ path, name, version, licence }: RuntimePackage): Promise<string> {
  const files = (await readdir(new URL(path, root))).filter((file) =>
    /^(licen[cs]e|copying|notice)/i.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(new URL(`${path}/${file}`, root), 'utf8')));
  const text = texts.map((each) => each.trim()).join('\n\n') || 'The package has no licence file.';
  return `${'='.repeat(80)}\n${name} ${version} (${licence})\n\n${text}\n\n`;
}
