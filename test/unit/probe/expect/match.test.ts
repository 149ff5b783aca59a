import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchResponse } from '../../../../src/probe/expect/match.ts';

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
  test(`match: where ${expression} does not hold it says why, without any value of the body`, () => {
    const expect = { status: [], headers: [], body: [], json: [expression] };
    const failure = matchResponse({ expect, headers: {}, content, maxBytes: 1000 });
    assert.equal(failure?.result, 'unexpected_content');
    assert.equal(failure.reason, `expect.json[0] is not true: ${why}`);
  });
}
