import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configJsonSchema } from '../../deploy/docs/json-schema.ts';
import { PAGES, SCHEMA_FILE, tables, withTables } from '../../deploy/docs/tables.ts';

const pages = PAGES.map((page) => readFileSync(page, 'utf8'));
const [readme = ''] = pages;

for (const [index, page] of pages.entries()) {
  test(`docs: the tables of ${PAGES[index]?.pathname.split('/').slice(-2).join('/')} say what the code says (if not: npm run docs)`, () => {
    assert.equal(page, withTables(page));
  });
}

for (const [name, table] of Object.entries(tables())) {
  test(`docs: there is a table of ${name}`, () => assert.ok(pages.some((page) => page.includes(table))));
}

test('docs: the JSON Schema is that of the loader (if not: npm run docs)', () => {
  assert.deepEqual(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')), configJsonSchema());
});

test('readme: the commands that set up and test are those of the package', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  for (const [, script = ''] of readme.matchAll(/npm (?:run )?(start|test|check|docs|bench)\b/g)) {
    assert.ok(script in scripts, script);
  }
});

test('readme: it stays short', () => {
  assert.ok(readme.split('\n').length <= 200);
});
