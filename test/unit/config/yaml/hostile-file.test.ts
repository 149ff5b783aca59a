import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TargetFiles } from '../../../../src/config/discovery/target-files.ts';
import { type Fault, faultLine } from '../../../../src/config/fault.ts';
import { loadWebConfig } from '../../../../src/config/web/web-config.ts';
import { runs } from '../../../support/fuzz.ts';
import { faultLinesOf, loadText } from '../../../support/load-text.ts';
import { type TempFolder, tempFolder } from '../../../support/temp-folder.ts';

// What takes time with the square of the size takes more.
const MOST_CPU_MS = 8000;
// All of it is one line, whatever it is about.
const LINE = /^[^:]+:\d+:\d+: [^\p{Cc}\p{Zl}\p{Zp}]+$/u;

/** The processor time of this process, which a busy machine does not lengthen. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

function laughs(levels: number, kind: (before: string) => string, first: string): string {
  return `a0: &a0 ${first}\n${lines(levels, (n) => `a${n + 1}: &a${n + 1} ${kind(Array(9).fill(`*a${n}`).join(', '))}`)}`;
}

// What is found at first, or nothing for a config that is right.
const files: readonly [what: string, text: string, first: RegExp | undefined][] = [
  [
    'a billion laughs',
    laughs(30, (list) => `[${list}]`, 'ha'),
    /^1:1: .*aliases expand to more than 1000000/,
  ],
  [
    'merges of merges',
    'a: &a {x: 1}\nb: &b {<<: *a}\nc: {<<: *b}',
    /^3:5: .*<< cannot take a map that has <</,
  ],
  [
    'a merge of a list without end',
    `a: &a {${lines(1000, (n) => `k${n}: 1,`).replaceAll('\n', ' ')}}\nb: {<<: [${Array(2000).fill('*a').join(', ')}]}`,
    /^1:1: .*aliases expand to more than 1000000/,
  ],
  ['5,000 unknown keys', lines(5000, (n) => `k${n}: 1`), /^1:1: k0: is not a known key/],
  ['10,000 repeated keys', lines(10_000, () => 'k: 1'), /^2:1: .*a key must be unique in its map/],
  ['keys that are read the same', 'headers: {1: a, "1": b}\ntargets: []', /^1:17: .*must be unique/],
  [
    '5,000 targets that are the same',
    `targets:\n${lines(5000, () => '  - https://a/')}`,
    /^3:5: targets\[1\]/,
  ],
  ['lists nested too deeply', '['.repeat(20_000), /^1:\d+: not valid YAML: nested too deeply/],
  ['a key of a million characters', `${'x'.repeat(1e6)}: 1`, /at most 1024 chars/],
  ['a URL of 1 MB', `targets: ["https://a/${'x'.repeat(1e6)}"]`, undefined],
  ['a file of more than 16 MiB', '#'.repeat(2 ** 24 + 1), /^is larger than 16 MiB/],
  ['a NUL in a URL', 'targets: ["https://a/\\0"]', /^1:11: targets\[0\].url: .*control character/],
  ['a NUL in the text', 'targets: [https://a/\0]', /^1:11: targets\[0\].url: .*control character/],
  ['a byte order mark', '\ufefftargets: [https://a/]', undefined],
  ['lines that end in CR LF', 'targets:\r\n  - https://a/\r\n', undefined],
  ['__proto__', 'targets: [{url: https://a/, __proto__: {x: 1}}]', /^1:29: .*__proto__ cannot be a key/],
  ['__proto__ that is merged in', 'a: &a {"__proto__": {x: 1}}\n<<: *a', /^1:8: .*__proto__ cannot be a key/],
  ['constructor', 'constructor: {prototype: {x: 1}}\ntargets: []', /^1:1: constructor: is not a known key/],
  ['labels with the names of methods', 'labels: {constructor: a, toString: b}\ntargets: []', undefined],
  [
    'a variable with the name of a method',
    `headers: {A: "$${'{constructor}'}"}\ntargets: []`,
    /^1:11: .*not set/,
  ],
  ['an expression nested too deeply', `expect: {json: ["${'('.repeat(20_000)}"]}\ntargets: []`, /not a CEL/],
  ['negations without end', `expect: {json: ["${'!'.repeat(20_000)}true"]}\ntargets: []`, /not a CEL/],
  [
    'a pattern that explodes',
    'expect: {body: [{matches: "((a{99}){99}){99}"}]}\ntargets: []',
    /not a regular/,
  ],
  [
    'a pattern nested too deeply',
    `expect: {body: [{matches: "${'('.repeat(9999)}"}]}\ntargets: []`,
    /not a reg/,
  ],
];

describe('hostile config: a clear fault in bounded time', () => {
  for (const [what, text, first] of files) {
    test(what, async () => {
      await using folder = await tempFolder();
      const before = process.cpuUsage();
      const [line] = await faultLinesOf(folder, text);
      const tookMs = cpuMsSince(before);
      if (first === undefined) assert.equal(line, undefined);
      else assert.match(line?.replace(/config.yml: ?/, '') ?? '', first);
      assert.ok(tookMs < MOST_CPU_MS, `${tookMs} ms`);
      assert.equal(Object(Object.create({})).x, undefined);
    });
  }
});

const VALID = [
  'interval: 10s',
  'timeout: 5s',
  'headers: {Accept: "*/*", X: "a"}',
  'expect: {status: [200, 3xx, 400-404], headers: [{name: A, matches: b}], body: [{not_matches: c}]}',
  'tls_config: {min_version: TLS12}',
  'basic_auth: {username: a, password: b}',
  'dns_servers: ["127.0.0.1:53"]',
  'deny_addresses: [10.0.0.0/8]',
  'max_body_size: 5MiB',
  'targets:',
  '  - https://a/',
  '  - &b {url: https://b/, labels: {team: x}, oauth2: {client_id: a, client_secret: b, token_url: https://c/}}',
  '  - {<<: *b, labels: {team: "y\\n\\"z"}, basic_auth: {username: u, password_file: config.yml}}',
].join('\n');
const GROUPS =
  '[{"targets": ["https://a/", "https://b/"], "labels": {"team": "x", "__meta": "y"}}, {targets: []}]';
const WEB = [
  'tls_server_config: {cert_file: a, key_file: b, client_auth_type: NoClientCert, min_version: TLS12}',
  'http_server_config: {http2: false, headers: {Strict-Transport-Security: max-age=1}}',
  'basic_auth_users: {joe: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}',
].join('\n');

const bits = fc.oneof(
  fc.constantFrom(
    '\0',
    '\ufeff',
    '\r',
    '\t',
    '"',
    "'",
    '[',
    '{',
    '}',
    '- ',
    ': ',
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '~',
    '1e999',
    '-0',
    '.nan',
    '0x10',
    '2024-01-01',
    '\ud800',
    '|',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** The text with some of its parts removed, doubled or replaced. */
function mutated(text: string) {
  const change = fc.record({
    at: fc.nat(text.length),
    cut: fc.nat(12),
    put: fc.oneof(bits, fc.constant('')),
  });
  return fc
    .array(change, { maxLength: 5 })
    .map((changes) =>
      changes.reduce((whole, { at, cut, put }) => whole.slice(0, at) + put + whole.slice(at + cut), text),
    );
}

async function always(
  text: fc.Arbitrary<string>,
  faultsOf: (folder: TempFolder, text: string) => Promise<readonly Fault[]>,
): Promise<void> {
  await using folder = await tempFolder();
  const property = fc.asyncProperty(text, async (one) => {
    const before = process.cpuUsage();
    for (const fault of await faultsOf(folder, one)) assert.match(faultLine(fault), LINE);
    assert.ok(cpuMsSince(before) < MOST_CPU_MS);
    assert.deepEqual(Object.keys(Object.prototype), []);
  });
  await fc.assert(property, runs(100));
}

test('hostile config: whatever is done to a config, it is one or has faults with their places', () =>
  always(mutated(VALID), async (folder, text) => {
    const loaded = await loadText(folder, text);
    return 'faults' in loaded ? loaded.faults : [];
  }));

test('hostile target file: whatever is done to it, it has targets or faults with their places', () =>
  always(fc.oneof(mutated(GROUPS), fc.json(), fc.string({ unit: 'binary' })), async (folder, text) => {
    await folder.write('t.yml', text);
    const { faults, targets } = await new TargetFiles().read(['t.yml'], folder.path);
    assert.ok(faults.length === 0 || targets.length === 0);
    return faults;
  }));

test('hostile web config: whatever is done to it, it is one or has faults with their places', () =>
  always(fc.oneof(mutated(WEB), fc.json(), fc.string({ unit: 'binary' })), async (folder, text) => {
    const loaded = await loadWebConfig(await folder.write('web.yml', text));
    return 'faults' in loaded ? loaded.faults : [];
  }));
