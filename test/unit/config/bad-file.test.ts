import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { faultLine } from '../../../src/config/fault.ts';
import { makeLoader } from '../../../src/config/load.ts';
import { runs } from '../../support/fuzz.ts';
import { faultLinesOf, loadText } from '../../support/load-text.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DURATION = 'is not a duration from 100ms to 24h (such as 500ms, 10s, 1m30s)';
const MAP = '(a map of settings, such as "targets: [https://example.com/]")';
const ALIASES = 'not valid YAML: its aliases expand to more than 1000000 values';

const files: readonly [string, readonly string[]][] = [
  ['', [`1:1: the file is empty ${MAP}`]],
  ['# nothing', [`1:1: the file is empty ${MAP}`]],
  ['- https://a', [`1:1: the file is not a map ${MAP}`]],
  [
    'interval: 10s',
    ['1:1: the file has no targets and no target_files (a list; [] for none, or URLs as arguments)'],
  ],
  ['targets:', ['1:1: targets: null is not a list (URLs, or maps with url; [] for none)']],
  ['targets: https://a', ['1:1: targets: "https://a" is not a list (URLs, or maps with url; [] for none)']],
  ['targets: [5]', ['1:11: targets[0]: 5 is not a target (a URL, or a map with url)']],
  ['targets: [[https://a]]', ['1:11: targets[0]: a list is not a target (a URL, or a map with url)']],
  ['targets:\n  - labels: {a: b}', ['2:5: targets[0]: has no url (required)']],
  [
    'targets: [https://a, https://b, {url: https://a, labels: {}}]',
    ['1:33: targets[2]: has the same url and labels as targets[0] (they must be unique together)'],
  ],
  [
    'targets: [{url: https://a, interval: 2s, timeout: 3s}]',
    ['1:42: targets[0].timeout: "3s" is longer than the interval (at most 2s)'],
  ],
  [
    'targets: [{url: https://a, timeout: 11s}]',
    ['1:28: targets[0].timeout: "11s" is longer than the interval (at most 10s)'],
  ],
  ['targets: [{url: https://a, interval: 0s, timeout: 3s}]', [`1:28: targets[0].interval: "0s" ${DURATION}`]],
  [
    'targets: [{url: https://a, tls: {}, tls_config: {}}]',
    ['1:37: targets[0].tls_config: cannot be set together with tls (they are the same key)'],
  ],
  [
    'targets: [{url: https://a, concurrency: 5}]',
    ['1:28: targets[0].concurrency: is not allowed here (only at the top level)'],
  ],
  [
    'targets: ["https://joe:hunter2@a/"]',
    [
      '1:11: targets[0].url: "https://<secret>@a/" holds a user name or password (none in a URL; basic_auth of the config file)',
    ],
  ],
  ['targets:\n  - {url: 5}', ['2:6: targets[0].url: 5 is not a string (put it in quotes)']],
  ['a: 1\na: 2', ['2:1: not valid YAML: a key must be unique in its map']],
  [
    'a: [1',
    ['1:6: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['a: 1\n\tb: 2', ['2:1: not valid YAML: Tabs are not allowed as indentation']],
  [
    'a: *none',
    [
      '1:4: not valid YAML: an alias needs an anchor of its name before it (put a text that begins with * in quotes)',
    ],
  ],
  [
    'a: !!binary aGk=',
    ['1:4: not valid YAML: there is no such tag (put a text that begins with ! in quotes)'],
  ],
  ['? [a]\n: b', ['1:3: not valid YAML: a key must be plain text']],
  ['headers: {__proto__: x}', ['1:11: not valid YAML: __proto__ cannot be a key']],
  ['<<: 5', ['1:1: not valid YAML: << needs a map, an alias of a map, or a list of these']],
  [
    'a: &a [*a]',
    [
      '1:8: not valid YAML: an alias needs an anchor of its name before it (put a text that begins with * in quotes)',
    ],
  ],
  [
    'a: &a {<<: *a}',
    [
      '1:8: not valid YAML: << needs a map, an alias of a map, or a list of these',
      '1:12: not valid YAML: an alias needs an anchor of its name before it (put a text that begins with * in quotes)',
    ],
  ],
  [
    [
      'a: &a [1, 1]',
      ...Array.from(
        { length: 20 },
        (_, n) => `b${n}: &b${n} [*${n ? `b${n - 1}` : 'a'}, *${n ? `b${n - 1}` : 'a'}]`,
      ),
    ].join('\n'),
    [`1:1: ${ALIASES}`],
  ],
  [
    'targets: [https://a]\n---\na: 1',
    ['2:1: not valid YAML: Source contains multiple documents; please use YAML.parseAllDocuments()'],
  ],
];

describe('bad config: what is wrong with the file or its targets, and where', () => {
  for (const [text, lines] of files) {
    test(JSON.stringify(text.slice(0, 100)), async () => {
      await using folder = await tempFolder();
      const found = await faultLinesOf(folder, text);
      assert.deepEqual(
        found,
        lines.map((line) => `config.yml:${line}`),
      );
    });
  }
});

test('bad config: faults in what an alias or << brings in stand where they are written', async () => {
  await using folder = await tempFolder();
  const text = 'targets:\n  - &one {url: https://a, interval: 1x}\n  - {<<: *one, labels: {a: b}}\n';
  assert.deepEqual(await faultLinesOf(folder, text), [
    `config.yml:2:27: targets[0].interval: "1x" ${DURATION}`,
    `config.yml:2:27: targets[1].interval: "1x" ${DURATION}`,
  ]);
});

test('bad config: of very many faults the first hundred are reported, and how many more there are', async () => {
  await using folder = await tempFolder();
  const lines = await faultLinesOf(folder, `targets:\n${'  - ftp://a\n'.repeat(150)}`);
  assert.deepEqual([lines.length, lines.at(-1)], [101, 'config.yml:101:5: there are 50 more faults']);
  assert.match(lines[99] ?? '', /^config\.yml:101:5: targets\[99\]\.url: /);
});

test('bad config: five different faults are five lines, in the order of the file', async () => {
  await using folder = await tempFolder();
  const text = `intervall: 10s
timeout: 5
tls: { ca_file: missing.pem }
targets:
  - ftp://example.com
  - url: https://example.com
    headers: { Authorization: "Bearer $\{TOKEN}" }
`;
  assert.deepEqual(await faultLinesOf(folder, text), [
    'config.yml:1:1: intervall: is not a known key (did you mean interval?)',
    'config.yml:2:1: timeout: 5 is not a duration from 1ms to 24h (such as 500ms, 10s, 1m30s)',
    'config.yml:3:8: tls.ca_file: "missing.pem" cannot be read: no such file or directory (a PEM file of CA certificates)',
    'config.yml:5:5: targets[0].url: "ftp://example.com" is not an http or https URL (such as https://example.com/health)',
    'config.yml:7:16: targets[1].headers.Authorization: uses the environment variable TOKEN, which is not set or is empty ($$ for a dollar sign)',
  ]);
});

test('bad config: a file that cannot be read, or is no text, says why', async () => {
  await using folder = await tempFolder();
  const load = async (configFile: string) => {
    const loaded = await makeLoader({ urls: [], configFile }, {}).load();
    return 'faults' in loaded ? loaded.faults.map(faultLine) : [];
  };
  assert.deepEqual(await load(`${folder.path}/none.yml`), [
    `${folder.path}/none.yml: cannot be read: no such file or directory (a YAML file)`,
  ]);
  assert.deepEqual(await load(folder.path), [
    `${folder.path}: cannot be read: illegal operation on a directory (a YAML file)`,
  ]);
  const binary = `${folder.path}/binary.yml`;
  await writeFile(binary, Buffer.from([0xff, 0xfe]));
  assert.deepEqual(await load(binary), [`${binary}:1:1: not valid YAML: the file is not UTF-8 text`]);
});

test('bad config: no text makes the loader throw, and every fault of it is within the text', async () => {
  await using folder = await tempFolder();
  const words = [
    'targets',
    'url',
    'https://a',
    'headers',
    'tls',
    'labels',
    'expect',
    'status',
    '2xx',
    '10s',
    '<<',
    '&a',
    '*a',
    '$' + '{X}',
  ];
  const marks = [
    ': ',
    '\n',
    '\n  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    '#',
    '|',
    '!',
    '? ',
    '\t',
    '\u0000',
    '---',
  ];
  const yaml = fc.array(fc.constantFrom(...words, ...marks)).map((parts) => parts.join(''));
  const json = fc.json().map((text) => `{"targets": ["https://a"], "x": ${text}}`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), yaml, json), async (text) => {
      const loaded = await loadText(folder, text);
      const lines = text.split('\n').length;
      for (const { line, column } of 'faults' in loaded ? loaded.faults : []) {
        assert.ok(line !== undefined && line >= 1 && line <= lines, `line ${line}`);
        assert.ok(column !== undefined && column >= 1, `column ${column}`);
      }
    }),
    runs(100),
  );
});
