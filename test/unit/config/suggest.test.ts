import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from '../../../src/config/suggest.ts';

const KEYS = ['url', 'labels', 'interval', 'timeout', 'method', 'headers', 'body', 'body_file'];

const cases: readonly [string, string | undefined][] = [
  ['intervall', 'interval'],
  ['Interval', 'interval'],
  ['time_out', 'timeout'],
  ['haeders', 'headers'],
  ['header', 'headers'],
  ['bdoy', 'body'],
  ['ulr', 'url'],
  ['x', undefined],
  ['', undefined],
  ['concurrency', undefined],
];

for (const [word, known] of cases) {
  test(`suggest: "${word}" was meant to be ${known ?? 'nothing known'}`, () => {
    assert.equal(suggest(word, KEYS), known);
  });
}
