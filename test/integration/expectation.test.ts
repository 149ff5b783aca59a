import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultName } from '../../src/probe/result.ts';
import type { Expectations } from '../../src/target/target.ts';
import type { Handler } from '../support/http-server.ts';
import { probeServer } from '../support/probe-verdict.ts';

const statuses: [status: number, allowed: Expectations['status'], expected: ResultName][] = [
  [200, [[200, 200]], 'success'],
  [204, [[200, 200]], 'unexpected_status'],
  [204, [[200, 299]], 'success'],
  [300, [[200, 299]], 'unexpected_status'],
  [199 + 1, [[200, 204]], 'success'],
  [
    404,
    [
      [200, 299],
      [404, 404],
    ],
    'success',
  ],
  [
    403,
    [
      [200, 299],
      [404, 404],
    ],
    'unexpected_status',
  ],
  [599, [[500, 599]], 'success'],
];

for (const [status, allowed, expected] of statuses) {
  test(`expectation: status ${status} where ${JSON.stringify(allowed)} is expected is ${expected}`, async () => {
    const settings = { expect: { status: allowed } };
    const result = await probeServer((_, response) => response.writeHead(status).end(), settings);
    assert.deepEqual([result.result, result.statusCode], [expected, status]);
  });
}

const headers: [expected: Expectations['headers'][number], isMet: boolean][] = [
  [{ name: 'X-Version', pattern: '^1\\.', mustMatch: true }, true],
  [{ name: 'x-version', pattern: '2', mustMatch: true }, true],
  [{ name: 'X-VERSION', pattern: '^2', mustMatch: true }, false],
  [{ name: 'X-Version', pattern: '^2', mustMatch: false }, true],
  [{ name: 'X-Version', pattern: '1', mustMatch: false }, false],
  [{ name: 'X-Missing', pattern: '', mustMatch: true }, false],
  [{ name: 'X-Missing', pattern: '.', mustMatch: false }, true],
  [{ name: 'Set-Cookie', pattern: '^b=2$', mustMatch: true }, true],
  [{ name: 'Set-Cookie', pattern: '^b=2$', mustMatch: false }, false],
];

for (const [expected, isMet] of headers) {
  test(`expectation: header ${JSON.stringify(expected)} is ${isMet ? 'met' : 'not met'}`, async () => {
    const answer: Handler = (_, response) =>
      response.writeHead(200, { 'X-Version': '1.2', 'Set-Cookie': ['a=1', 'b=2'] }).end();
    const { result, phases } = await probeServer(answer, { expect: { headers: [expected] } });
    assert.equal(result, isMet ? 'success' : 'unexpected_content');
    assert.ok(phases.transfer !== undefined);
  });
}

const bodies: [text: string, expect: Partial<Expectations>, isMet: boolean][] = [
  ['all is well', { body: [{ pattern: 'well$', mustMatch: true }] }, true],
  ['all is well', { body: [{ pattern: '^well', mustMatch: true }] }, false],
  ['all is well', { body: [{ pattern: 'error', mustMatch: false }] }, true],
  ['an error', { body: [{ pattern: 'error', mustMatch: false }] }, false],
  [
    'a b',
    {
      body: [
        { pattern: 'a', mustMatch: true },
        { pattern: 'c', mustMatch: true },
      ],
    },
    false,
  ],
  ['', { body: [{ pattern: '^$', mustMatch: true }] }, true],
  ['', { body: [{ pattern: '.', mustMatch: true }] }, false],
  ['{"status":"ok"}', { json: ['body.status == "ok"'] }, true],
  ['{"status":"ok"}', { json: ['body.status == "bad"'] }, false],
  ['{"status":"ok"}', { json: ['body.status == "ok"', 'body.missing == 1'] }, false],
  ['{"n":3,"list":[1,2]}', { json: ['body.n > 2', 'size(body.list) == 2', '2 in body.list'] }, true],
  ['{"n":"3"}', { json: ['body.n > 2'] }, false],
  ['[1]', { json: ['body[0] == 1'] }, true],
  ['null', { json: ['body == null'] }, true],
  ['{"ok":"yes"}', { json: ['body.ok'] }, false],
  ['\uFEFF{"ok":true}', { json: ['body.ok'] }, true],
  ['{"status":', { json: ['true'] }, false],
  ['', { json: ['true'] }, false],
  ['<html>', { json: ['true'] }, false],
];

for (const [text, expect, isMet] of bodies) {
  test(`expectation: ${JSON.stringify(expect)} of ${JSON.stringify(text)} is ${isMet ? 'met' : 'not met'}`, async () => {
    const { result, bodyBytes } = await probeServer((_, response) => response.end(text), { expect });
    assert.equal(result, isMet ? 'success' : 'unexpected_content');
    assert.equal(bodyBytes, Buffer.byteLength(text));
  });
}
