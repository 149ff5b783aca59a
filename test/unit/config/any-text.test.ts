import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../../src/config/command-line/command-line.ts';
import { formatSize, parseSize } from '../../../src/config/schema/size.ts';
import { formatStatus, parseStatus } from '../../../src/config/schema/status.ts';
import { boundedDuration, formatDuration, INTERVAL, parseDuration } from '../../../src/target/duration.ts';
import { urlFault } from '../../../src/target/url.ts';
import { runs } from '../../support/fuzz.ts';

const digits = fc.oneof(fc.nat(3000).map(String), fc.stringMatching(/^\d{1,30}$/));
const unit = fc.constantFrom(
  'ms',
  's',
  'm',
  'h',
  'd',
  'w',
  'y',
  'B',
  'KiB',
  'MiB',
  'GiB',
  'KB',
  'xx',
  '-',
  'Xx',
);
const odd = fc.constantFrom('', ' ', '\n', '\0', '٣', '１', '+', '-', '.', 'e9', '0x', 'NaN', '\u2028', '_');
const short = fc.oneof(
  fc.array(fc.tuple(digits, unit), { maxLength: 4 }).map((parts) => parts.flat().join('')),
  fc.array(fc.oneof(digits, unit, odd), { maxLength: 5 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);
// A pattern that looks back would take for ever.
const long = fc
  .tuple(digits, unit, fc.integer({ min: 1, max: 20_000 }))
  .map(([a, b, n]) => (a + b).repeat(n));
const text = fc.oneof(short, long);

test('any text: is a duration of whole milliseconds that survives being written, or none', () => {
  const property = fc.property(text, (one) => {
    const ms = parseDuration(one);
    assert.equal(
      boundedDuration(one, INTERVAL) !== undefined,
      ms !== undefined && ms >= 100 && ms <= 86_400_000,
    );
    if (ms === undefined) return;
    assert.ok(Number.isSafeInteger(ms) && ms >= 0, `${ms}`);
    assert.match(one, /^(?:0|(?:\d+(?:ms|[smhdwy]))+)$/);
    assert.equal(parseDuration(formatDuration(ms)), ms);
  });
  fc.assert(property, runs(400));
});

test('any text: is a size in bytes that survives being written, or none', () => {
  const property = fc.property(text, (one) => {
    const bytes = parseSize(one);
    if (bytes === undefined) return;
    assert.ok(Number.isSafeInteger(bytes) && bytes >= 1 && bytes <= 1024 ** 3, `${bytes}`);
    assert.match(one, /^\d+(?:|[KMG]i)B$/);
    assert.equal(parseSize(formatSize(bytes)), bytes);
  });
  fc.assert(property, runs(400));
});

test('any text or number: is a range of statuses that survives being written, or none', () => {
  const property = fc.property(fc.oneof(text, fc.double(), fc.integer()), (one) => {
    const range = parseStatus(one);
    if (range === undefined) return;
    const [from, to] = range;
    assert.ok(Number.isInteger(from) && 100 <= from && from <= to && to <= 999, `${range}`);
    assert.deepEqual(parseStatus(formatStatus(range)), range);
  });
  fc.assert(property, runs(400));
});

const odds = fc.constantFrom(
  'http://',
  'https://',
  '@',
  ':',
  '[',
  ']',
  '//',
  '\\',
  '%',
  '#',
  '?',
  '\ud800',
  '​',
  '。',
);
const address = fc
  .array(fc.oneof(odds, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 })
  .map((parts) => `http://${parts.join('')}`);

test('any text: is a URL that can be probed as it is, without a user or a password, or is refused', () => {
  const property = fc.property(fc.oneof(address, fc.webUrl(), text), (one) => {
    if (urlFault(one) !== undefined) return;
    const { protocol, username, password, host } = new URL(one);
    assert.ok(protocol === 'http:' || protocol === 'https:');
    assert.deepEqual([username, password], ['', '']);
    assert.notEqual(host, '');
    assert.doesNotMatch(one, /[\s\p{Cc}]/u);
  });
  fc.assert(property, runs(400));
});

const FLAGS = [
  '--probe.interval',
  '--web.listen-address',
  '--shard',
  '--once.format',
  '--config.file',
  '-h',
  '--demo',
];
const argument = fc.oneof(
  fc.constantFrom(...FLAGS, '--', '-', '---', '--=', '--__proto__', '--constructor=1', '--no-demo', '-xyz'),
  fc.tuple(fc.constantFrom(...FLAGS), short).map((parts) => parts.join('=')),
  address,
  short,
);
const variables = fc.dictionary(
  fc.constantFrom(
    'TARGETS',
    'PROBE_INTERVAL',
    'WEB_LISTEN_ADDRESS',
    'SHARD',
    'OTEL_METRICS_EXPORTER',
    'DEMO',
  ),
  fc.oneof(short, address),
);

test('any arguments: a flag with line breaks is reported in one line', () => {
  assert.deepEqual(parseCommandLine(['--a\nb\u2028=1'], {}), {
    faults: ['--a\\u000ab\\u2028 is not a known flag (see --help)'],
  });
});

test('any arguments and variables: make options, or faults of one line each', () => {
  const property = fc.property(fc.array(argument, { maxLength: 5 }), variables, (argv, env) => {
    const read = parseCommandLine(argv, env);
    const faults = 'faults' in read ? read.faults : [];
    assert.ok('options' in read || faults.length > 0);
    for (const fault of faults) assert.match(fault, /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
  });
  fc.assert(property, runs(200));
});
