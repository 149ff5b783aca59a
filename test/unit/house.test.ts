import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const ROOT = new URL('../../', import.meta.url);

/** What the files of each room may import beside those of their own room: the table of ARCHITECTURE.md. */
const ARCHITECTURE = readFileSync(new URL('ARCHITECTURE.md', ROOT), 'utf8');
const MAY_IMPORT = readRooms(ARCHITECTURE, /^\| `([\w.]+)` \|.*\|(.*)\|$/gm);

/** What the files of a sub-room may import of the other sub-rooms of their room, where the second table says so. */
const SUB_ROOMS = readRooms(ARCHITECTURE, /^\| `(\w+\/[\w-]+)` \|.*\|((?: `[\w/-]+`,?)* ?)\|$/gm);

/** What the reporting half may know of the probing half: results, messages and places. */
const SHARED = ['probe/result.ts', 'schedule/messages.ts', 'schedule/place.ts'];
const PROBING_HALF = ['probe', 'schedule'];
const REPORTING_HALF = ['state', 'metrics', 'web', 'reporting.ts'];

/** The rooms that run with what they are handed: of those before them they know the types alone. */
const TYPES_ALONE: Readonly<Record<string, readonly string[]>> = {
  metrics: ['log.ts'],
  web: ['config', 'schedule', 'metrics', 'log.ts'],
};

type Import = { readonly file: string; readonly of: string; readonly isType: boolean };

const FILES = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(new URL(`src/${file}`, ROOT), 'utf8') }));

/** The imports of our own files, of the entries of threads as well; the files are relative to src. */
function importsOf({ file, text }: (typeof FILES)[number]): readonly Import[] {
  const statements = text.matchAll(
    /\b(?:import|export)\s+(type\s+)?(?:[^;'"`]*?\bfrom\s+)?(['"])(\..+?)\2|\b(?:import|URL)\(\s*(['"`])(\..+?)\4/g,
  );
  return [...statements].map(([, type, , path = '', , loaded]) => {
    const of = normalize(join(dirname(file), loaded ?? path));
    return { file, of, isType: type !== undefined };
  });
}

function readRooms(page: string, row: RegExp): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...page.matchAll(row)].map(([, room, others = '']) => [
      room,
      others.match(/(?<=`)[\w./-]+(?=`)/g) ?? [],
    ]),
  );
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Beside the rooms there are the files that put them together; only the entry knows what it starts. */
function mayImport(file: string, of: string): boolean {
  const [room, other] = [roomOf(file), roomOf(of)];
  const allowed = MAY_IMPORT[room];
  return room === other || (allowed === undefined ? other !== 'main.ts' : allowed.includes(other));
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}

const IMPORTS = FILES.flatMap(importsOf).filter(({ of }) => of !== '../package.json');

test('house: the imports are seen, of each kind', () => {
  const seen = importsOf({
    file: 'schedule/made-up.ts',
    text: [
      "import { one } from '../probe/one.ts';",
      "import type { Two } from './two.ts';",
      "import '../three.ts';",
      "export { four } from '../four.ts';",
      "const five = await import('./five.ts');",
      "new Worker(new URL('./six.ts', import.meta.url));",
      'new URL(`./seven$' + '{extension}`, import.meta.url);',
      "import {\n  eight,\n} from '../eight.ts';",
      "import nine from 'nine';",
    ].join('\n'),
  });
  assert.deepEqual(
    seen.map(({ of, isType }) => `${of}${isType ? ' (type)' : ''}`),
    [
      'probe/one.ts',
      'schedule/two.ts (type)',
      'three.ts',
      'four.ts',
      'schedule/five.ts',
      'schedule/six.ts',
      'schedule/seven$' + '{extension}',
      'eight.ts',
    ],
  );
  assert.ok(IMPORTS.length > 100, `${IMPORTS.length} imports`);
});

test('house: every room is known', () => {
  const rooms = FILES.map(({ file }) => roomOf(file)).filter((room) => !room.endsWith('.ts'));
  const known = Object.keys(MAY_IMPORT).filter((room) => !room.endsWith('.ts'));
  assert.deepEqual([...new Set(rooms)].sort(), known.sort());
});

test('house: no files import each other in a circle, not even types', () => {
  const imports = Map.groupBy(IMPORTS, ({ file }) => file);
  const checked = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (checked.has(file)) return;
    checked.add(file);
    for (const { of } of imports.get(file) ?? []) follow(of, [...path, file]);
  };
  for (const { file } of FILES) follow(file, []);
  assert.deepEqual(circles, []);
});

test('house: imports go one way', () => {
  const wrong = IMPORTS.filter(({ file, of }) => !mayImport(file, of));
  assert.deepEqual(
    wrong.map(({ file, of }) => `${file} imports ${of}`),
    [],
  );
});

test('house: sub-rooms import one way', () => {
  const subRoomOf = (file: string) => file.split('/').slice(0, -1).join('/');
  const intoSubRooms = new Set(
    IMPORTS.filter(({ of }) => subRoomOf(of) in SUB_ROOMS).map(({ file }) => file),
  );
  const wrong = IMPORTS.filter(({ file, of }) => {
    const [from, to] = [subRoomOf(file), subRoomOf(of)];
    const allowed = SUB_ROOMS[from];
    if (allowed === undefined || from === to || roomOf(file) !== roomOf(of)) return false;
    return to.includes('/') ? !allowed.includes(to) : intoSubRooms.has(of);
  });
  assert.ok('config/yaml' in SUB_ROOMS);
  assert.deepEqual(
    wrong.map(({ file, of }) => `${file} imports ${of}`),
    [],
  );
});

test('house: the two halves share results, messages and places alone', () => {
  const wrong = IMPORTS.filter(({ file, of }) => {
    const [room, other] = [roomOf(file), roomOf(of)];
    return REPORTING_HALF.includes(room) && PROBING_HALF.includes(other) && !SHARED.includes(of);
  });
  assert.deepEqual(
    wrong.map(({ file, of }) => `${file} imports ${of}`),
    [],
  );
});

test('house: the entry takes its parts from the app, the config, what it starts and how memory is kept', () => {
  const from = IMPORTS.filter(({ file }) => file === 'main.ts').map(({ of }) => roomOf(of));
  const started = ['app.ts', 'config', 'demo.ts', 'log.ts', 'once', 'runtime', 'version.ts'];
  assert.deepEqual(
    from.filter((room) => !started.includes(room)),
    [],
  );
});

test('house: of what is handed to them, rooms import types alone', () => {
  const wrong = IMPORTS.filter(
    ({ file, of, isType }) => !isType && TYPES_ALONE[roomOf(file)]?.includes(roomOf(of)) === true,
  );
  assert.deepEqual(
    wrong.map(({ file, of }) => `${file} imports ${of}`),
    [],
  );
});

test('house: file names are lower-case nouns that say something', () => {
  const wrong = FILES.map(({ file }) => file).filter((file) => {
    const name = file.split('/').at(-1) ?? '';
    const isVague = /^(utils?|helpers?|common|misc|types?|index|shared|base|.*-?(manager|service))\.ts$/.test(
      name,
    );
    return isVague || !/^[a-z]+(-[a-z]+){0,2}\.ts$/.test(name);
  });
  assert.deepEqual(wrong, []);
});

test('house: no file is longer than 200 lines', () => {
  const long = FILES.filter(({ text }) => lines(text) > 200);
  assert.deepEqual(
    long.map(({ file, text }) => `${file}: ${lines(text)}`),
    [],
  );
});

test('house: at the top level there is nothing but what was agreed', () => {
  const agreed = [
    'src',
    'test',
    'deploy',
    'Dockerfile',
    'docker-compose.yml',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'biome.json',
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'LICENSE',
  ];
  const ignored = readFileSync(new URL('.gitignore', ROOT), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''));
  const extra = readdirSync(ROOT).filter(
    (name) => !name.startsWith('.') && !agreed.includes(name) && !ignored.includes(name),
  );
  assert.deepEqual(extra, []);
});

test('house: dependencies have exact versions', () => {
  const { dependencies, devDependencies } = manifest;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  assert.deepEqual(loose, []);
});

// A second copy would have classes of its own, and readers and instruments that do not know each other.
test('house: there is one copy of what the metrics go through', () => {
  for (const name of ['@opentelemetry/sdk-metrics', '@opentelemetry/api']) {
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
    assert.deepEqual(copies, [`node_modules/${name}`]);
  }
});
