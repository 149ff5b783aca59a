import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { createLog, type LogFormat, type LogLevel, limitRate } from '../../src/log.ts';
import { recordingLog } from '../support/log.ts';
import { event } from '../support/until.ts';

async function logged(
  format: LogFormat,
  level: LogLevel,
  fields: Record<string, unknown>,
  text: string,
): Promise<string> {
  let lines = '';
  const log = await createLog({ level: 'debug', format }, { write: (line) => (lines += line) });
  log[level](fields, text);
  return lines;
}

test('log: json is one object a line, with time, level, fields and text', async () => {
  const line = await logged('json', 'warn', { url: 'http://a.test/"', count: 2 }, 'it is odd');
  const { time, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, { level: 'warn', msg: 'it is odd', url: 'http://a.test/"', count: 2 });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(line.endsWith('}\n'));
});

test('log: an error is logged with its message, its cause and its stack', async () => {
  const err = new Error('outer', { cause: new Error('inner') });
  const { err: fields } = JSON.parse(await logged('json', 'error', { err }, 'it broke'));
  assert.equal(fields.message, 'outer: inner');
  assert.match(fields.stack, /log\.test\.ts/);
});

test('log: of an error nothing is logged but its type, message, stack and code', async () => {
  const cause = Object.assign(new Error('inner'), { token: 'hunter2' });
  const request = { headers: { authorization: 'hunter2' } };
  const errors = [Object.assign(new Error('third'), { request })];
  const err = Object.assign(new AggregateError(errors, 'outer', { cause }), { code: 'E', request });
  const line = await logged('json', 'error', { err }, 'it broke');
  assert.deepEqual(Object.keys(JSON.parse(line).err).sort(), ['code', 'message', 'stack', 'type']);
  assert.doesNotMatch(line, /hunter2/);
});

const logfmtCases: [what: string, fields: Record<string, unknown>, expected: string][] = [
  [
    'plain values are bare',
    { url: 'http://a.test/x?y', n: 1.5, ok: true },
    'url=http://a.test/x?y n=1.5 ok=true',
  ],
  [
    'blanks, quotes, = and line feeds are quoted',
    { a: 'b c', d: '"', e: 'f=g', h: 'i\nj' },
    String.raw`a="b c" d="\"" e="f=g" h="i\nj"`,
  ],
  ['the empty string is quoted', { a: '' }, 'a=""'],
  ['backslashes alone are bare', { a: 'b\\c' }, 'a=b\\c'],
  ['objects become dotted keys', { a: { b: { c: 1 } } }, 'a.b.c=1'],
  ['lists are JSON', { a: ['b', 'c d'] }, String.raw`a="[\"b\",\"c d\"]"`],
  ['null is null', { a: null }, 'a=null'],
  ['control characters are escaped', { a: '\u001b[31m' }, String.raw`a="\u001b[31m"`],
];

for (const [what, fields, expected] of logfmtCases) {
  test(`log: in logfmt ${what}`, async () => {
    const line = await logged('logfmt', 'info', fields, 'it is so');
    const [, rest] = /^time=\S+Z level=info msg="it is so" (.*)\n$/s.exec(line) ?? [];
    assert.equal(rest, expected);
  });
}

test('log: pretty is for people, fields and all', async () => {
  const line = await logged('pretty', 'info', { url: 'http://a.test/' }, 'it is so');
  assert.match(line, /INFO.*it is so\n.*url.*http:\/\/a\.test\//);
});

test('log: what is below the level is left out', async () => {
  let lines = '';
  const log = await createLog({ level: 'warn', format: 'logfmt' }, { write: (line) => (lines += line) });
  log.debug({}, 'a');
  log.info({}, 'b');
  log.warn({}, 'c');
  assert.match(lines, /^time=\S+ level=warn msg=c\n$/);
});

test('log: a limited rate lets a text through once a period and says how many were left out', () => {
  const log = recordingLog();
  let now = 0;
  const bounded = limitRate(log, 1000, () => now);
  bounded.error({ n: 1 }, 'failed');
  bounded.error({ n: 2 }, 'failed');
  bounded.warn({ n: 3 }, 'failed');
  bounded.error({ n: 4 }, 'other');
  now = 999;
  bounded.error({ n: 5 }, 'failed');
  now = 1000;
  bounded.error({ n: 6 }, 'failed');
  now = 2000;
  bounded.error({ n: 7 }, 'failed');
  assert.deepEqual(
    log.lines.map(({ level, fields }) => [level, fields]),
    [
      ['error', { n: 1 }],
      ['warn', { n: 3 }],
      ['error', { n: 4 }],
      ['error', { n: 6, leftOut: 2 }],
      ['error', { n: 7 }],
    ],
  );
});

// As many as a socket holds whose reader is slow: what it does not hold at the end is lost.
const MANY_LINES = `
  import { createLog } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)};
  const log = await createLog({ level: 'info', format: process.argv[1] });
  process.stdin.once('data', () => {
    for (let n = 0; n < 100; n += 1) log.info({ n }, 'a line');
    process.stdout.write('alive');
    process.exit(0);
  });
  process.stdout.write('ready');
`;

for (const format of ['json', 'logfmt', 'pretty']) {
  test(`log: in ${format} all lines are on stderr before an exit`, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', MANY_LINES, format]);
    let lines = '';
    child.stderr.on('data', (chunk) => (lines += chunk));
    child.stdin.end('go');
    const [code] = await event(child, 'close');
    assert.equal(code, 0);
    assert.equal(lines.match(/a line/g)?.length, 100);
  });

  test(`log: in ${format} a stderr that nobody reads any more ends nothing`, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', MANY_LINES, format]);
    await event(child.stdout, 'data');
    child.stderr.destroy();
    await event(child.stderr, 'close');
    const written = event(child.stdout, 'data');
    child.stdin.end('go');
    assert.equal(String(...(await written)), 'alive');
    const [code] = await event(child, 'close');
    assert.equal(code, 0);
  });
}
