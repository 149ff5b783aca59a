import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from '../../../../src/metrics/otlp/reason.ts';

const cases: readonly [situation: string, error: unknown, want: string][] = [
  ['a status and its message', Object.assign(new Error('Bad Request'), { code: 400 }), '400 Bad Request'],
  [
    'a code that the message has',
    Object.assign(new Error('14 UNAVAILABLE: gone'), { code: 14 }),
    '14 UNAVAILABLE: gone',
  ],
  [
    'a code alone, as of several addresses',
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['nothing at all', undefined, 'no reason was given'],
  ['a header sent back', new Error('no user Bearer s3cret-token here'), 'no user <secret> here'],
  ['the credentials of a header', new Error('s3cret-token is wrong'), '<secret> is wrong'],
  ['several lines', new Error('one\n  two'), 'one two'],
  ['much of it', new Error('x'.repeat(1000)), 'x'.repeat(300)],
];

for (const [situation, error, want] of cases) {
  test(`reason: ${situation}`, () => {
    assert.equal(reasonOf(error, { authorization: 'Bearer s3cret-token', 'x-retry': '1' }), want);
  });
}
