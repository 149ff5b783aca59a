import { globSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Bundles the service into dist/, an entry per thread and what is loaded later apart: it runs with no node_modules, starts faster and takes less memory.
const root = fileURLToPath(new URL('..', import.meta.url));

// CommonJS packages inside an ES module still ask for these; the names are ones that no package declares.
const banner = `import { createRequire as bundleCreateRequire } from 'node:module';
import { dirname as bundleDirname } from 'node:path';
const require = bundleCreateRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = bundleDirname(__filename);`;

// For an import Node reads all that a module exports, also what is only made when it is read: `WebSocket` of node:http is
// all of undici, 36 ms of a thread's start, and the others have some 4 ms each.
const required: Plugin = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?(http|process|util)$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

// The adapters of axios are not used, since the prober has one of its own, and no forms are sent: for both it would load
// undici and a table of all media types. Together with the above 77 ms to the first result, and 5 MB. What is replaced is
// axios' own source: the test of the bundle tells if a later axios has it elsewhere.
const leanAxios: Plugin = {
  name: 'lean-axios',
  setup({ onLoad }) {
    onLoad(
      { filter: /\/axios\/lib\/(adapters\/(http|xhr|fetch)|platform\/node\/classes\/FormData)\.js$/ },
      () => ({
        contents: 'export default undefined; export function getFetch() {}',
      }),
    );
    onLoad({ filter: /\/axios\/lib\/utils\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('G.FormData', 'undefined'),
    }));
  },
};

await rm(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', ...workers()],
  // A thread is started by the name of its file, beside the file that starts it: hence one flat folder.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  splitting: true,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: banner },
  // Never asked for, since no route of the web server has a schema.
  external: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'],
  plugins: [required, leanAxios],
  // Its ES module asks for gRPC through a `require` of its own making, which no bundler can follow.
  alias: {
    '@opentelemetry/otlp-grpc-exporter-base': `${root}/node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs`,
  },
  // Names stay, so that the stack of a fault still reads.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
});

// What the status page loads is read from beside the code.
for (const file of globSync('src/web/status/*.{css,js,svg}', { cwd: root })) {
  await copyFile(`${root}/${file}`, `${root}/dist/${basename(file)}`);
}

/** The entries of worker threads. */
function workers(): string[] {
  return globSync('src/**/*-worker.ts', { cwd: root });
}
