import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** A package that the service runs with, as the lock file has it. */
export type RuntimePackage = {
  /** Where it is installed, relative to the root. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier or expression. */
  readonly licence: string;
  /** The SHA-512 of what the registry serves, in base64. */
  readonly sha512: string;
  /** Whether npm would run a script of it at installation. */
  readonly hasInstallScript: boolean;
  /** The paths of the packages that it needs. */
  readonly needs: readonly string[];
};

const names = z.record(z.string(), z.string()).default({});
const entrySchema = z.object({
  version: z.string(),
  license: z.string().default(''),
  integrity: z.string().default(''),
  dev: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});
const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });

type Entry = z.output<typeof entrySchema>;

/** The path of the project itself in the list of packages. */
export const ROOT_PATH = '';

/**
 * Everything that the service runs with, the project itself first. `npm sbom --omit=dev` lacks the packages that a
 * development tool needs too.
 */
export function runtimePackages(lockFile: URL): readonly RuntimePackage[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(lockFile, 'utf8')));
  const runtime = new Map(Object.entries(packages).filter(([, { dev }]) => !dev));
  return [...runtime].map(([path, entry]) => ({
    path,
    name: path.split('node_modules/').at(-1) ?? path,
    version: entry.version,
    licence: entry.license,
    sha512: entry.integrity.replace(/^sha512-/, ''),
    hasInstallScript: entry.hasInstallScript,
    needs: needsOf(path, entry, runtime),
  }));
}

// Peers and optional ones are not always there.
function needsOf(path: string, entry: Entry, all: ReadonlyMap<string, Entry>): readonly string[] {
  const needed = { ...entry.peerDependencies, ...entry.optionalDependencies, ...entry.dependencies };
  return Object.keys(needed).flatMap((name) => findInstalled(path, name, all) ?? []);
}

// As Node.js does: in the folder of the package, else in the folders above it.
function findInstalled(from: string, name: string, all: ReadonlyMap<string, Entry>): string | undefined {
  const candidate = from === ROOT_PATH ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (all.has(candidate)) return candidate;
  return from === ROOT_PATH
    ? undefined
    : findInstalled(from.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''), name, all);
}
