import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objection } from '../../../../src/probe/expect/judgement.ts';

const content = Buffer.from(JSON.stringify({ ok: false, word: 'hunter2', words: ['hunter2'] }));

const cases: readonly [expression: string, why: string][] = [
  ['body.ok', 'it is false'],
  ['body.word', 'it is of type string'],
  ['body.words', 'it is of type object'],
  ['body[body.word] == 1', 'No such key'],
  ['bool(body.word)', 'bool() conversion error'],
  ['duration(body.word) == duration("1s")', 'Invalid duration string'],
  ['int(body.word) == 1', 'int() type error'],
  ['body.word < 1', 'no such overload: dyn<string> < int'],
];

for (const [expression, why] of cases) {
  test(`judgement: where ${expression} does not hold it says why, without what the body says`, () => {
    const expect = { status: [], headers: [], body: [], json: [expression] };
    assert.deepEqual(objection({ expect, headers: {}, content, maxBytes: 1000 }), {
      result: 'unexpected_content',
      reason: `expect.json[0] is not true: ${why}`,
    });
  });
}
