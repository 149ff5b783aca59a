import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INVARIANTS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'];

const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8');

const readme = read('README.md');
const architecture = read('ARCHITECTURE.md');
const contributing = read('CONTRIBUTING.md');

/** The texts between backticks, without blocks of code. */
function readCode(page: string): readonly string[] {
  return [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
}

/** The invariants that the names of the tests of a file say it holds. */
function invariantsOf(file: string): readonly string[] {
  return [...read(file).matchAll(/\btest\(\s*['"`]invariant (\d+)/g)].map(([, number = '']) => number);
}

for (const [name, page] of Object.entries({ architecture, contributing })) {
  test(`${name}: every file and folder that it names exists`, () => {
    const isPath = (text: string) =>
      /^\.?\w[\w.-]*(\/[\w.-]+)*(\/|\.(ts|md|json|yaml|yml|sh|js|css|txt|tpl))$/.test(text);
    const links = [...page.matchAll(/\]\(([^):#]+)\)/g)].map(([, link = '']) => link);
    const paths = [...links, ...readCode(page).filter((text) => isPath(text) || /^\w+\/[\w/-]+$/.test(text))];
    assert.ok(paths.length > 10, `${paths.length} paths`);
    const isThere = (path: string) => existsSync(`${ROOT}/${path}`) || existsSync(`${ROOT}/src/${path}`);
    assert.deepEqual(
      paths.filter((path) => !isThere(path)),
      [],
    );
  });
}

test('architecture: it names every room and sub-room', () => {
  const folders = globSync('**/', { cwd: `${ROOT}/src` }).map((folder) => folder.replace(/\/$/, ''));
  const named = readCode(architecture);
  assert.deepEqual(
    folders.filter((folder) => folder !== '.' && !named.includes(folder)),
    [],
  );
});

test('architecture: it has the eleven invariants, and each test that holds one', () => {
  const [, list = ''] = /<!-- invariants -->\n([\s\S]*?)<!-- \/invariants -->/.exec(architecture) ?? [];
  assert.deepEqual(
    [...list.matchAll(/^(\d+)\. /gm)].map(([, number]) => number),
    INVARIANTS,
  );
  const rows = [...architecture.matchAll(/^\| (\d+) \| (.*) \|$/gm)];
  const listed = rows.flatMap(([, number, files = '']) => readCode(files).map((file) => `${number} ${file}`));
  const files = globSync('test/**/*.test.ts', { cwd: ROOT });
  const named = files.flatMap((file) =>
    [...new Set(invariantsOf(file))].map((number) => `${number} ${file}`),
  );
  assert.deepEqual(listed.toSorted(), named.toSorted());
  assert.deepEqual(new Set(rows.map(([, number]) => number)), new Set(INVARIANTS));
});

test('contributing: it names every npm script', () => {
  const named = `${readme}\n${contributing}`;
  const isNamed = (script: string) => new RegExp(`npm (run )?${script}(?![\\w:-])`).test(named);
  assert.deepEqual(
    Object.keys(manifest.scripts).filter((script) => !isNamed(script)),
    [],
  );
});

test('contributing: the areas of commits are the rooms, and what lies beside src', () => {
  const [, areas = ''] = /^Areas: (.*)$/m.exec(contributing) ?? [];
  const rooms = globSync('*/', { cwd: `${ROOT}/src` }).map((folder) => folder.replace(/\/$/, ''));
  assert.deepEqual(readCode(areas).toSorted(), [...rooms, 'src', 'test', 'deploy', 'docs', 'ci'].toSorted());
});
