import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, beforeEach, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Expectations, Target } from '../../src/config/target.ts';
import { nowMs } from '../../src/probe/clock.ts';
import { probe } from '../../src/probe/probe.ts';
import type { ResultName } from '../../src/probe/result.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { type Overrides, target } from '../support/target.ts';

/** Probes a server that answers so. */
async function judged(handler: Handler, settings: Overrides) {
  await using server = await httpServer(handler);
  return await probe(target(server.url(), settings));
}

const statuses: [status: number, expected: Expectations['status'], want: ResultName][] = [
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

for (const [status, expected, want] of statuses) {
  test(`expectation: status ${status} where ${JSON.stringify(expected)} is expected is ${want}`, async () => {
    const settings = { expect: { status: expected } };
    const result = await judged((_, response) => response.writeHead(status).end(), settings);
    assert.deepEqual([result.result, result.statusCode], [want, status]);
  });
}

const headers: [expected: Expectations['headers'][number], isMet: boolean][] = [
  [{ name: 'X-Version', pattern: '^1\\.', wanted: true }, true],
  [{ name: 'x-version', pattern: '2', wanted: true }, true],
  [{ name: 'X-VERSION', pattern: '^2', wanted: true }, false],
  [{ name: 'X-Version', pattern: '^2', wanted: false }, true],
  [{ name: 'X-Version', pattern: '1', wanted: false }, false],
  [{ name: 'X-Missing', pattern: '', wanted: true }, false],
  [{ name: 'X-Missing', pattern: '.', wanted: false }, true],
  [{ name: 'Set-Cookie', pattern: '^b=2$', wanted: true }, true],
  [{ name: 'Set-Cookie', pattern: '^b=2$', wanted: false }, false],
];

for (const [expected, isMet] of headers) {
  test(`expectation: header ${JSON.stringify(expected)} is ${isMet ? 'met' : 'not met'}`, async () => {
    const answer: Handler = (_, response) =>
      response.writeHead(200, { 'X-Version': '1.2', 'Set-Cookie': ['a=1', 'b=2'] }).end();
    const { result, phases } = await judged(answer, { expect: { headers: [expected] } });
    assert.equal(result, isMet ? 'success' : 'unexpected_content');
    assert.ok(phases.transfer !== undefined);
  });
}

const bodies: [text: string, expect: Partial<Expectations>, isMet: boolean][] = [
  ['all is well', { body: [{ pattern: 'well$', wanted: true }] }, true],
  ['all is well', { body: [{ pattern: '^well', wanted: true }] }, false],
  ['all is well', { body: [{ pattern: 'error', wanted: false }] }, true],
  ['an error', { body: [{ pattern: 'error', wanted: false }] }, false],
  [
    'a b',
    {
      body: [
        { pattern: 'a', wanted: true },
        { pattern: 'c', wanted: true },
      ],
    },
    false,
  ],
  ['', { body: [{ pattern: '^$', wanted: true }] }, true],
  ['', { body: [{ pattern: '.', wanted: true }] }, false],
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
    const { result, bodyBytes } = await judged((_, response) => response.end(text), { expect });
    assert.equal(result, isMet ? 'success' : 'unexpected_content');
    assert.equal(bodyBytes, Buffer.byteLength(text));
  });
}

const TEXT = 'all is well, '.repeat(20_000);
const WELL = { expect: { body: [{ pattern: 'all is well', wanted: true }] } };

const codings: Record<string, Buffer> = {
  gzip: gzipSync(TEXT),
  'x-gzip': gzipSync(TEXT),
  GZIP: gzipSync(TEXT),
  deflate: deflateSync(TEXT),
  'deflate, bare': deflateRawSync(TEXT),
  br: brotliCompressSync(TEXT),
  zstd: zstdCompressSync(TEXT),
  identity: Buffer.from(TEXT),
  'gzip, br': brotliCompressSync(gzipSync(TEXT)),
};

for (const [coding, content] of Object.entries(codings)) {
  const encoded: Handler = (_, response) =>
    response.writeHead(200, { 'content-encoding': coding.replace(', bare', '') }).end(content);

  test(`expectation: a body in ${coding} is decoded where its text is needed`, async () => {
    const { result, bodyBytes, reason } = await judged(encoded, WELL);
    assert.equal(result, 'success', reason);
    assert.equal(bodyBytes, content.length);
  });

  if (content.length >= TEXT.length) continue;
  test(`expectation: a body in ${coding} over the limit once decoded is body_too_large`, async () => {
    const settings = { ...WELL, maxBodyBytes: TEXT.length - 1 };
    assert.equal((await judged(encoded, settings)).result, 'body_too_large');
    assert.equal((await judged(encoded, { ...WELL, maxBodyBytes: TEXT.length })).result, 'success');
  });

  test(`expectation: a body in ${coding} is not decoded where its text is not needed`, async () => {
    assert.equal((await judged(encoded, { maxBodyBytes: content.length })).result, 'success');
  });
}

const undecodable: [what: string, coding: string, content: Buffer][] = [
  ['that is not gzip', 'gzip', Buffer.from('all is well')],
  ['that is cut off', 'gzip', gzipSync(TEXT).subarray(0, -20)],
  ['in an unknown coding', 'snappy', Buffer.from('all is well')],
];

for (const [what, coding, content] of undecodable) {
  test(`expectation: a body ${what} is unexpected_content`, async () => {
    const answer: Handler = (_, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(content);
    assert.equal((await judged(answer, WELL)).result, 'unexpected_content');
  });
}

test('expectation: gzip that inflates to 200 MB is body_too_large, in time and in little memory', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)));
  const settings = { ...WELL, maxBodyBytes: 1_000_000 };
  const before = process.memoryUsage.rss();
  const answer: Handler = (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(bomb);
  assert.equal((await judged(answer, settings)).result, 'body_too_large');
  assert.ok(process.memoryUsage.rss() - before < 50_000_000);
});

const charsets: [type: string, bytes: Buffer][] = [
  ['text/plain; charset=utf-8', Buffer.from('grün')],
  ['text/plain', Buffer.from('grün')],
  ['text/plain; charset=ISO-8859-1', Buffer.from('grün', 'latin1')],
  ['text/plain; charset="iso-8859-1"; x=y', Buffer.from('grün', 'latin1')],
  ['text/plain; charset=utf-16le', Buffer.from('grün', 'utf16le')],
  ['text/plain; charset=windows-1252', Buffer.from('grün', 'latin1')],
  ['text/plain; charset=unheard-of', Buffer.from('grün')],
];

for (const [type, bytes] of charsets) {
  test(`expectation: text of ${type} is read so`, async () => {
    const answer: Handler = (_, response) => response.writeHead(200, { 'content-type': type }).end(bytes);
    const { result } = await judged(answer, { expect: { body: [{ pattern: '^gr\u00fcn$', wanted: true }] } });
    assert.equal(result, 'success');
  });
}

const HOSTILE: Handler = (_, response) => response.end(JSON.stringify({ text: `${'a'.repeat(50)}!` }));
const CATASTROPHIC = { expect: { json: ['body.text.matches("^(a+)+$")'] } };

const GRACE_MS = 100;
const ROUNDS = 20;

/** How long our own loop was held up at most, which delays each step of a judgement. */
function noiseMs(): number {
  return (4 * noise.max) / 1e6;
}

const noise = monitorEventLoopDelay({ resolution: 2 });
before(() => noise.enable());
beforeEach(() => noise.reset());
after(() => noise.disable());

/** Probes what cannot be judged in time; with too little of the machine left, nobody can tell why it cannot. */
async function condemned(hostile: Target) {
  const { result, reason = '', startedMs, endedMs, responseMs = 0 } = await probe(hostile);
  const verdictMs = nowMs();
  if (result === 'internal_error') assert.match(reason, /too busy|too many/);
  else assert.equal(result, 'unexpected_content', reason);
  assert.ok(responseMs <= endedMs - startedMs, 'the judging does not count');
  const lateMs = verdictMs - startedMs - hostile.timeoutMs;
  assert.ok(lateMs <= GRACE_MS + noiseMs(), `invariant 2: ${lateMs} ms after the deadline`);
  return { result, judgingMs: verdictMs - endedMs };
}

test('expectation: one that would run for ever is unexpected_content within 100 ms', async (context) => {
  await using hostile = await httpServer(HOSTILE);
  const results: ResultName[] = [];
  while (results.length < ROUNDS && !results.slice(3).includes('unexpected_content')) {
    const { result, judgingMs } = await condemned(target(hostile.url(), CATASTROPHIC));
    assert.ok(judgingMs <= GRACE_MS + noiseMs(), `${judgingMs} ms after the end`);
    results.push(result);
  }
  const [load = 0] = loadavg();
  const isTooBusy = load > 2 * availableParallelism();
  if (isTooBusy && !results.includes('unexpected_content'))
    return context.skip('the machine is too busy to tell');
  assert.ok(results.includes('unexpected_content'), results.join());
});

test('expectation: targets like that hold up those that are judged beside them once, and never again', async () => {
  await using hostile = await httpServer(HOSTILE);
  await using server = await httpServer((_, response) => response.end('all is well'));
  const attackers = Array.from({ length: 10 }, (_, place) =>
    target(hostile.url(`/${place}`), { ...CATASTROPHIC, timeoutMs: 20_000 }),
  );
  await Promise.all(attackers.map(condemned));
  const attacks = attackers.map((attacker) => condemned({ ...attacker, timeoutMs: 2000 }));
  const lateMs: number[] = [];
  // Behind the others each of these would wait for a second; a busy machine does not disturb all of them.
  while (lateMs.length < 5) {
    const { result, endedMs, reason } = await probe(target(server.url(), WELL));
    lateMs.push(nowMs() - endedMs);
    assert.equal(result, 'success', reason);
  }
  assert.ok(Math.min(...lateMs) <= GRACE_MS, `${lateMs} ms after the end`);
  await Promise.all(attacks);
});
