import { globSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Bundles the service into dist/: one entry per thread, and chunks that are loaded later. It runs without node_modules,
// starts faster and needs less memory.
const root = fileURLToPath(new URL('..', import.meta.url));

// CommonJS packages inside an ES module still use these; no package declares a variable of these names.
const banner = `import { createRequire as bundleCreateRequire } from 'node:module';
import { dirname as bundleDirname } from 'node:path';
const require = bundleCreateRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = bundleDirname(__filename);`;

// An import reads every export of a module, also those that Node.js makes when they are read: `WebSocket` of node:http
// loads all of undici, which delays the start of a thread.
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

// The probe has its own adapter and sends no forms; the adapters of axios would load undici and a table of media types.
// This replaces source files of axios: the test of the bundle fails if a later version has them elsewhere.
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
  // A worker is found by its file name beside the file that starts it: hence one flat folder.
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
  // Never loaded, since no route of the web server has a schema.
  external: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'],
  plugins: [required, leanAxios],
  // Its ES module loads gRPC through a `require` that it creates itself; a bundler cannot follow that.
  alias: {
    '@opentelemetry/otlp-grpc-exporter-base': `${root}/node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs`,
  },
  // Names stay, so that stack traces are readable.
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
