import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileSchema } from '../../../src/config/schema/schema.ts';
import { faultLinesOf } from '../../support/load-text.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ENV = { SECRET: 'hunter2', EMPTY: '', URL: 'https://a' };
const KEYS = Object.keys(fileSchema.shape).join(', ');
const DURATION = 'is not a duration from 100ms to 24h (such as 500ms, 10s, 1m30s)';
const STATUS = 'is not a status (a code such as 200, a class such as 2xx, a range such as 300-302)';
const SIZE = 'is not a size from 1B to 1GiB (such as 512KiB, 10MiB; units B, KiB, MiB, GiB)';

/** Top-level settings at line 2, beside a target that is right. */
function beside(settings: string): string {
  return `targets: [https://a]\n${settings}`;
}

const settings: readonly [string, readonly string[]][] = [
  ['intervall: 10s', ['2:1: intervall: is not a known key (did you mean interval?)']],
  ['foo: 1', [`2:1: foo: is not a known key (${KEYS})`]],
  ['url: https://b', ['2:1: url: is not allowed here (only on a target)']],
  ['interval: 10', [`2:1: interval: 10 ${DURATION}`]],
  ['interval: 99ms', [`2:1: interval: "99ms" ${DURATION}`]],
  ['interval:', [`2:1: interval: null ${DURATION}`]],
  ['timeout: soon', ['2:1: timeout: "soon" is not a duration from 1ms to 24h (such as 500ms, 10s, 1m30s)']],
  ['method: GE T', ['2:1: method: "GE T" is not a method (a token of RFC 9110, such as GET, HEAD, POST)']],
  ['method: connect', ['2:1: method: "connect" is not supported (such as GET, HEAD, POST)']],
  ['headers: [a]', ['2:1: headers: the value is not a map of header names to values']],
  ['headers: {X: 5}', ['2:11: headers.X: the value is not a string (put it in quotes)']],
  [
    'headers: {"X Y": a}',
    ['2:11: headers["X…"]: "X…" is not a header name (a token of RFC 9110, such as Accept-Language)'],
  ],
  [
    'headers: {X: "a\\nb"}',
    ['2:11: headers.X: the value is not a header value (no line breaks or control characters, Latin-1 only)'],
  ],
  [
    'headers: {Content-Length: "5"}',
    ['2:11: headers.Content-Length: "Content-Length" is set by the exporter (it cannot be configured)'],
  ],
  ['headers: {X: a, x: b}', ['2:17: headers.x: the value is given twice (header names ignore case)']],
  ['body: {a: 1}', ['2:1: body: the value is not a string (put it in quotes)']],
  ['body_file: ""', ['2:1: body_file: "" is empty (the path of a file)']],
  ['body: a\nbody_file: config.yml', ['3:1: body_file: cannot be set together with body (one of the two)']],
  ['follow_redirects: maybe', ['2:1: follow_redirects: "maybe" is not a boolean (true or false)']],
  ['max_redirects: -1', ['2:1: max_redirects: -1 is not a whole number from 0 to 100']],
  ['max_redirects: 1.5', ['2:1: max_redirects: 1.5 is not a whole number from 0 to 100']],
  ['max_redirects: .inf', ['2:1: max_redirects: Infinity is not a whole number from 0 to 100']],
  ['concurrency: 0', ['2:1: concurrency: 0 is not a whole number from 1 to 1000000']],
  ['expect: 200', ['2:1: expect: 200 is not a map of expectations']],
  [
    'expect: {status: 200}',
    ['2:10: expect.status: 200 is not a list of statuses (such as [200, 2xx, 300-302])'],
  ],
  ['expect: {status: []}', ['2:10: expect.status: a list is empty (at least one status)']],
  [
    'expect:\n  status: [200, 7, 20x, true]',
    [
      `3:17: expect.status[1]: 7 ${STATUS}`,
      `3:20: expect.status[2]: "20x" ${STATUS}`,
      `3:25: expect.status[3]: true ${STATUS}`,
    ],
  ],
  ['expect: {staus: [200]}', ['2:10: expect.staus: is not a known key (did you mean status?)']],
  ['max_body_size: 10MB', [`2:1: max_body_size: "10MB" ${SIZE}`]],
  ['max_body_size: 100', [`2:1: max_body_size: 100 ${SIZE}`]],
  [
    'labels: {le: a}',
    [
      '2:10: labels.le: "le" is reserved (any name except url, phase, result, le, job, instance, otel_* and names with __)',
    ],
  ],
  [
    'labels: {a-b: a}',
    ['2:10: labels.a-b: "a-b" is not a label name (letters, digits and _, no digit first)'],
  ],
  ['labels: {a: ""}', ['2:10: labels.a: "" is empty (give it a value, or leave the label out)']],
  ['labels: {a: 1.10}', ['2:10: labels.a: 1.1 is not a string (put it in quotes)']],
  ['tls: yes', ['2:1: tls: "yes" is not a map of TLS settings']],
  ['tls: {ca_flie: a}', ['2:7: tls.ca_flie: is not a known key (did you mean ca_file?)']],
  [
    'tls_config: {min_version: TLS1.2}',
    ['2:14: tls_config.min_version: "TLS1.2" is not a TLS version (TLS10, TLS11, TLS12, TLS13)'],
  ],
  [
    'tls_config: {min_version: TLS13, max_version: TLS12}',
    ['2:14: tls_config.min_version: is higher than max_version (at most that)'],
  ],
  [
    'tls_config: {server_name: "a b"}',
    ['2:14: tls_config.server_name: "a b" is not a host name or IP address'],
  ],
  [
    'method: $' + '{NONE}',
    ['2:1: method: uses the environment variable NONE, which is not set or is empty ($$ for a dollar sign)'],
  ],
  [
    'method: $' + '{EMPTY}',
    ['2:1: method: uses the environment variable EMPTY, which is not set or is empty ($$ for a dollar sign)'],
  ],
  [
    'method: $' + '{constructor}',
    [
      '2:1: method: uses the environment variable constructor, which is not set or is empty ($$ for a dollar sign)',
    ],
  ],
  [
    'method: $' + '{no',
    ['2:1: method: has $' + '{ without a name and } (such as $' + '{TOKEN}; $$ for a dollar sign)'],
  ],
  ['interval: $' + '{SECRET}', [`2:1: interval: the value ${DURATION}`]],
  ['expect: {status: ["$' + '{SECRET}"]}', [`2:19: expect.status[0]: the value ${STATUS}`]],
  [
    'labels: {"1": "$' + '{SECRET}"}',
    ['2:10: labels.1: "1" is not a label name (letters, digits and _, no digit first)'],
  ],
];

describe('bad config: what is wrong with a setting, where, and what is allowed', () => {
  for (const [text, lines] of settings) {
    test(JSON.stringify(text.slice(0, 100)), async () => {
      await using folder = await tempFolder();
      const found = await faultLinesOf(folder, beside(text), { env: ENV });
      assert.deepEqual(
        found,
        lines.map((line) => `config.yml:${line}`),
      );
    });
  }
});
