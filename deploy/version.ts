import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const CHART = 'deploy/helm/external-url-exporter/Chart.yaml';
const IMAGE = /(?<=external-url-exporter:)\d+\.\d+\.\d+(-\w[\w.]*\w)?/g;

/** Where the version of the exporter stands: the file, and what matches the version in it. */
const PLACES: readonly (readonly [string, RegExp])[] = [
  ['package.json', /(?<=^ {2}"version": ")[^"]+/gm],
  ['package-lock.json', /(?<="name": "external-url-exporter",\s+"version": ")[^"]+/g],
  [CHART, /(?<=^version: )\S+/gm],
  [CHART, /(?<=^appVersion: ")[^"]+/gm],
  ['Dockerfile', /(?<=^ARG VERSION=)\S+/gm],
  ['Dockerfile', IMAGE],
  ['docker-compose.yml', /(?<=EXPORTER_VERSION:-)[^}]+/g],
  ['deploy/README.md', IMAGE],
  ['test/e2e/cluster.sh', IMAGE],
];

/** Every version that stands in the files of a folder, as `FILE: VERSION`; a place without one is `FILE: none`. */
export function readVersions(folder: URL): readonly string[] {
  return PLACES.flatMap(([file, pattern]) => {
    const found = readFileSync(new URL(file, folder), 'utf8').match(pattern) ?? ['none'];
    return found.map((version) => `${file}: ${version}`);
  });
}

/** Writes a version into every place of a folder. */
export function setVersion(folder: URL, version: string): void {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Error(`not a version: ${version} (MAJOR.MINOR.PATCH, such as 0.2.0 or 0.2.0-rc.1)`);
  }
  for (const [file, pattern] of PLACES) {
    const url = new URL(file, folder);
    writeFileSync(url, readFileSync(url, 'utf8').replace(pattern, version));
  }
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  setVersion(new URL('..', import.meta.url), positionals[0] ?? '');
}
