import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Program, run } from '../support/program.ts';
import type { TempFolder } from '../support/temp-folder.ts';
import { getJson } from './get-json.ts';
import { launch } from './launch.ts';
import { tool, toolsFolder } from './tools.ts';

export type Scheme = 'http' | 'https';

/** What the server has counted since its start. */
export type Counts = {
  readonly requests: number;
  readonly connections: number;
  readonly pushes: number;
  readonly pushedBytes: number;
  /** TLS handshakes by the group of the key exchange. */
  readonly groups: Readonly<Record<string, number>>;
};

/** The answers of a path: when each was written (Unix milliseconds), and how long the server took for it. */
export type Served = Readonly<Record<string, readonly (readonly [atMs: number, tookMs: number])[]>>;

/** The server that is probed, a process of its own. */
export type TargetServer = AsyncDisposable & {
  readonly pid: number;
  /** Go, or Node.js where there is no Go. */
  readonly kind: string;
  /** The file with the certificate (PEM) to be trusted. */
  readonly rootFile: string;
  /** So many URLs, spread over the addresses of the server; the prefix is that of their paths. */
  urls(scheme: Scheme, count: number, prefix?: string): readonly string[];
  counts(): Promise<Counts>;
  /** The answers to paths under /slow since it was last asked. */
  served(): Promise<Served>;
  /** Starts a client that calls at a steady rate, `#` standing for a number; undefined without Go. */
  drive(rate: number, url: string, count: number, ...more: readonly string[]): Program | undefined;
};

/** Where the exporter is measured. */
export type Surroundings = { readonly target: TargetServer; readonly folder: TempFolder };

type Where = { http: string[]; https: string[]; control: string; rootFile: string };

/** Starts the server: the Go program, built if Go is there, else its stand-in. */
export async function targetServer(folder: TempFolder): Promise<TargetServer> {
  const binary = await goProgram();
  const standIn = fileURLToPath(new URL('target/stand-in.ts', import.meta.url));
  const server =
    binary === undefined
      ? launch(process.execPath, [standIn, folder.path])
      : launch(binary, ['serve', folder.path]);
  const [line] = await server.says(/^\{.*\}$/m);
  const where: Where = JSON.parse(line);
  const control = `http://${where.control}`;
  return {
    pid: server.pid,
    kind: binary === undefined ? 'Node.js' : 'Go',
    rootFile: where.rootFile,
    urls: (scheme, count, prefix = '/t') =>
      Array.from({ length: count }, (_, index) => {
        const authority = where[scheme][index % where[scheme].length] ?? '';
        return `${scheme}://${authority}${prefix}/${index}`;
      }),
    counts: () => getJson<Counts>(`${control}/counts`),
    served: () => getJson<Served>(`${control}/served`),
    drive: (rate, url, count, ...more) =>
      binary === undefined ? undefined : launch(binary, ['drive', String(rate), url, String(count), ...more]),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function goProgram(): Promise<string | undefined> {
  const go = tool('go');
  if (go === undefined) return undefined;
  const binary = join(toolsFolder(), 'bench-target');
  const source = fileURLToPath(new URL('target', import.meta.url));
  const { exitCode, output } = await run(go, ['build', '-C', source, '-o', binary, '.']);
  if (exitCode === 0 && existsSync(binary)) return binary;
  throw new Error(`go build failed: ${output}`);
}
