import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../../../src/config/command-line/command-line.ts';
import { FLAGS } from '../../../../src/config/command-line/flags.ts';
import { DEFAULT_OPTIONS, type Options } from '../../../../src/config/command-line/options.ts';
import { runs } from '../../../support/fuzz.ts';

type Env = Readonly<Record<string, string>>;

const DURATION = 'is not a duration from 100ms to 24h (such as 500ms, 10s, 1m30s)';
const ADDRESS = 'is not [HOST]:PORT with a port from 0 to 65535 (such as :8080, 127.0.0.1:0, [::1]:8080)';

const good: readonly [string, readonly string[], Env, Partial<Options>][] = [
  ['nothing gives the defaults', [], {}, {}],
  ['URLs are arguments', ['http://a', 'https://b/c'], {}, { urls: ['http://a', 'https://b/c'] }],
  [
    'URLs may stand between flags',
    ['--once', 'http://a', '--demo'],
    {},
    { urls: ['http://a'], once: true, demo: true },
  ],
  ['what follows -- is a URL', ['--', 'http://a'], {}, { urls: ['http://a'] }],
  ['TARGETS at white space', [], { TARGETS: ' http://a\thttp://b\n' }, { urls: ['http://a', 'http://b'] }],
  [
    'TARGETS at commas',
    [],
    { TARGETS: 'http://a,https://b, http://c,' },
    { urls: ['http://a', 'https://b', 'http://c'] },
  ],
  [
    'a comma may be part of a URL',
    [],
    { TARGETS: 'http://a/x,y,http://b' },
    { urls: ['http://a/x,y', 'http://b'] },
  ],
  ['arguments beat TARGETS', ['http://a'], { TARGETS: 'nonsense' }, { urls: ['http://a'] }],
  ['a value after =', ['--config.file=a=b.yml'], {}, { configFile: 'a=b.yml' }],
  ['a value as the next argument', ['--config.file', 'a.yml'], {}, { configFile: 'a.yml' }],
  ['a variable', [], { PROBE_INTERVAL: '1m30s' }, { probeIntervalMs: 90_000 }],
  ['a flag beats its variable', ['--log.level=warn'], { LOG_LEVEL: 'nonsense' }, { logLevel: 'warn' }],
  ['an empty variable is not set', [], { PROBE_TIMEOUT: '', DEMO: '', TARGETS: '' }, {}],
  ['switches in variables: yes', [], { DEMO: 'Yes' }, { demo: true }],
  ['switches in variables: 1', [], { DEMO: '1' }, { demo: true }],
  ['switches in variables: false', [], { DEMO: 'false' }, { demo: false }],
  ['a switch beats its variable', ['--demo'], { DEMO: 'no' }, { demo: true }],
  ['a web config', ['--web.config.file=web.yml'], {}, { webConfigFile: 'web.yml' }],
  ['lifecycle', [], { WEB_ENABLE_LIFECYCLE: '1' }, { webEnableLifecycle: true }],
  ['a port', ['--web.listen-address=:0'], {}, { listen: { host: '', port: 0 } }],
  ['an address', ['--web.listen-address=127.0.0.1:0'], {}, { listen: { host: '127.0.0.1', port: 0 } }],
  ['an IPv6 address', ['--web.listen-address=[::]:8080'], {}, { listen: { host: '::', port: 8080 } }],
  ['a host', [], { WEB_LISTEN_ADDRESS: 'localhost:65535' }, { listen: { host: 'localhost', port: 65_535 } }],
  ['shards', ['--shard=2'], { TOTAL_SHARDS: '3' }, { shard: 2, totalShards: 3 }],
  ['formats', ['--log.format=logfmt', '--once.format=json'], {}, { logFormat: 'logfmt', onceFormat: 'json' }],
  ['timeouts', ['--probe.timeout=1ms'], {}, { probeTimeoutMs: 1 }],
  ['-h is --help', ['-h'], {}, { help: true }],
  ['help comes whatever else is wrong', ['--help', '--nonsense'], {}, { help: true }],
];

for (const [name, argv, env, expected] of good) {
  test(`command line: ${name}`, () => {
    assert.deepEqual(parseCommandLine(argv, env), { options: { ...DEFAULT_OPTIONS, ...expected } });
  });
}

const bad: readonly [readonly string[], Env, string][] = [
  [['--config.fil=x'], {}, '--config.fil is not a known flag (did you mean --config.file?)'],
  [['-config.file=x'], {}, '-config.file is not a known flag (did you mean --config.file?)'],
  [['--nonsense'], {}, '--nonsense is not a known flag (see --help)'],
  [['--no-demo'], {}, '--no-demo is not a known flag (see --help)'],
  [['-x'], {}, '-x is not a known flag (see --help)'],
  [['-hx'], {}, '-hx is not a known flag (see --help)'],
  [['--__proto__=1'], {}, '--__proto__ is not a known flag (see --help)'],
  [['--config.file'], {}, '--config.file has no value (--config.file=FILE)'],
  [['--config.file='], {}, '--config.file has no value (--config.file=FILE)'],
  [['--config.file', '--once'], {}, '--config.file has no value (--config.file=FILE)'],
  [['--once=true'], {}, '--once takes no value, but has the value "true"'],
  [['--once', '--once'], {}, '--once is given more than once (at most once)'],
  [['--shard=0', '--shard=0'], {}, '--shard is given more than once (at most once)'],
  [['--probe.interval=10'], {}, `--probe.interval: "10" ${DURATION}`],
  [['--probe.interval=99ms'], {}, `--probe.interval: "99ms" ${DURATION}`],
  [[], { PROBE_INTERVAL: '25h' }, `PROBE_INTERVAL: "25h" ${DURATION}`],
  [
    ['--probe.timeout=0'],
    {},
    '--probe.timeout: "0" is not a duration from 1ms to 24h (such as 500ms, 10s, 1m30s)',
  ],
  [['--log.level=loud'], {}, '--log.level: "loud" is not known (debug, info, warn, error)'],
  [[], { LOG_FORMAT: 'xml' }, 'LOG_FORMAT: "xml" is not known (json, logfmt, pretty)'],
  [['--once.format=yaml'], {}, '--once.format: "yaml" is not known (table, json, prometheus)'],
  [['--web.listen-address=8080'], {}, `--web.listen-address: "8080" ${ADDRESS}`],
  [['--web.listen-address=:65536'], {}, `--web.listen-address: ":65536" ${ADDRESS}`],
  [['--web.listen-address=::1:80'], {}, `--web.listen-address: "::1:80" ${ADDRESS}`],
  [['--web.listen-address=[1.2.3.4]:80'], {}, `--web.listen-address: "[1.2.3.4]:80" ${ADDRESS}`],
  [['--web.listen-address=a b:80'], {}, `--web.listen-address: "a b:80" ${ADDRESS}`],
  [['--shard=-1'], {}, '--shard: "-1" is not a whole number (0 to 999999)'],
  [['--total-shards=0'], {}, '--total-shards: "0" is not a whole number (1 to 999999)'],
  [['--shard=3', '--total-shards=3'], {}, '--shard: "3" is not less than the number of shards (0 to 2)'],
  [[], { SHARD: '1' }, 'SHARD: "1" is not less than the number of shards (0 to 0)'],
  [[], { DEMO: 'maybe' }, 'DEMO: "maybe" is not a switch (true, false, 1, 0, yes, no)'],
  [
    ['example.com'],
    {},
    'URL: "example.com" is not an http or https URL (such as https://example.com/health)',
  ],
  [['http://a', 'http://a'], {}, 'URL: "http://a" is given more than once (each URL once)'],
  [
    [],
    { TARGETS: 'ftp://a' },
    'TARGETS: "ftp://a" is not an http or https URL (such as https://example.com/health)',
  ],
  [
    ['https://joe:hunter2@a/'],
    {},
    'URL: "https://<secret>@a/" holds a user name or password (none in a URL; basic_auth of the config file)',
  ],
];

describe('command line: says what is wrong in one sentence', () => {
  for (const [argv, env, message] of bad) {
    test(message, () => assert.deepEqual(parseCommandLine(argv, env), { faults: [message] }));
  }
});

test('command line: reports all faults at once', () => {
  const found = parseCommandLine(['--nonsense', '--log.level=loud', 'x'], { DEMO: 'maybe' });
  assert.equal('faults' in found ? found.faults.length : 0, 4);
});

test('command line: the defaults in words are those that apply', () => {
  const texts = FLAGS.flatMap((flag) => (flag.default === undefined ? [] : [{ flag, text: flag.default }]));
  const inWords = ['probe.interval', 'probe.timeout', 'web.enable-lifecycle', 'log.format', 'demo'];
  for (const { flag, text } of texts.filter(({ flag }) => !inWords.includes(flag.name))) {
    const setting = flag.parse(text);
    assert.ok('value' in setting, flag.name);
    assert.deepEqual({ ...DEFAULT_OPTIONS, ...setting.value }, DEFAULT_OPTIONS, flag.name);
  }
});

test('command line: no arguments and no variables make it throw', () => {
  const names = FLAGS.flatMap(({ name, env }) => [`--${name}`, env ?? '-']);
  const argument = fc.oneof(fc.string(), fc.constantFrom(...names), fc.webUrl());
  const env = fc.dictionary(fc.constantFrom('TARGETS', 'DEMO', 'SHARD', 'LOG_LEVEL'), fc.string());
  fc.assert(
    fc.property(fc.array(argument), env, (argv, variables) => {
      const found = parseCommandLine(argv, variables);
      assert.ok('options' in found || found.faults.length > 0);
    }),
    runs(50),
  );
});
