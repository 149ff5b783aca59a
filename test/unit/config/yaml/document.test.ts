import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { parseYaml, type YamlDocument } from '../../../../src/config/yaml/document.ts';
import { runs } from '../../../support/fuzz.ts';

const ALIASES = new Map([['tls_config', 'tls']]);

function documentOf(text: string): YamlDocument {
  const document = parseYaml(Buffer.from(text), ALIASES);
  assert.ok('value' in document);
  return document;
}

const merges: readonly [string, string, unknown][] = [
  ['own keys win, before << and after it', 'b: &b {x: 1, y: 1}\na: {x: 2, <<: *b, y: 2}', { x: 2, y: 2 }],
  ['the first source wins', 'b: &b {x: 1}\nc: &c {x: 2, y: 2}\na: {<<: [*b, *c]}', { x: 1, y: 2 }],
  ['a list may name one twice', 'b: &b {x: 1}\na: {<<: [*b, *b]}', { x: 1 }],
  ['<< in quotes is a key', 'a: {"<<": 1}', { '<<': 1 }],
];

for (const [name, text, expected] of merges) {
  test(`document: of a merge, ${name}`, () => assert.deepEqual(Object(documentOf(text).value).a, expected));
}

test('document: any plain data is read as the YAML library reads it', () => {
  const key = fc.string().filter((name) => name !== '__proto__' && name !== '<<');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree')),
      fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const text = stringify(value);
      assert.deepEqual(documentOf(text).value, parse(text));
    }),
    runs(30),
  );
});

const TEXT = `tls:
  ca_file: a
targets:
  - https://a
  - &b
    url: https://b
  - <<: *b
    labels: { c: d }
`;

const places: readonly [string, readonly (string | number)[], string, string][] = [
  ['a key', ['targets'], '3:1', 'targets'],
  ['a key by its other spelling', ['tls_config', 'ca_file'], '2:3', 'tls ca_file'],
  ['an item', ['targets', 0], '4:5', 'targets 0'],
  ['what is not there, at what is', ['targets', 0, 'url'], '4:5', 'targets 0 url'],
  ['a missing item, at the list', ['targets', 9, 'url'], '3:1', 'targets 9 url'],
  ['what is merged in, at its origin', ['targets', 2, 'url'], '6:5', 'targets 2 url'],
  ['a value in a flow map', ['targets', 2, 'labels', 'c'], '8:15', 'targets 2 labels c'],
  ['nothing, at the start', [], '1:1', ''],
];

for (const [name, path, place, written] of places) {
  test(`document: locates ${name}`, () => {
    const found = documentOf(TEXT).locate(path);
    assert.deepEqual([`${found.line}:${found.column}`, found.path.join(' ')], [place, written]);
  });
}
