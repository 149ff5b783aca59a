import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { command } from '../support/command.ts';
import { listen } from '../support/listen.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What stderr holds: each sentence after the program's name. */
function sentences(...lines: readonly string[]): string {
  return lines.map((line) => `external-url-exporter: ${line}\n`).join('');
}

const URL_HINT = '(such as https://example.com/health)';

const cases: readonly [
  what: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stderr: string,
][] = [
  [
    'a bad value',
    ['--probe.timeout=never'],
    {},
    sentences('--probe.timeout: "never" is not a duration from 1ms to 24h (such as 500ms, 10s, 1m30s)'),
  ],
  [
    'a bad variable',
    [],
    { LOG_LEVEL: 'loud' },
    sentences('LOG_LEVEL: "loud" is not known (debug, info, warn, error)'),
  ],
  [
    'a URL that is none in TARGETS',
    [],
    { TARGETS: 'https://a ftp://b' },
    sentences(`TARGETS: "ftp://b" is not an http or https URL ${URL_HINT}`),
  ],
  [
    'several faults',
    ['--onse', '--shard=2', 'x'],
    { DEMO: 'maybe' },
    sentences(
      '--onse is not a known flag (did you mean --once?)',
      `URL: "x" is not an http or https URL ${URL_HINT}`,
      'DEMO: "maybe" is not a switch (true, false, 1, 0, yes, no)',
      '--shard: "2" is not less than the number of shards (0 to 0)',
    ),
  ],
];

const FIVE_FAULTS = `intervall: 10s
timeout: 90
concurrency: 0
targets:
  - https://example.com/health
  - url: example.com
  - url: https://example.org/
    tls_config: {ca_file: missing.pem}
`;

const FIVE_LINES = [
  'config.yml:1:1: intervall: is not a known key (did you mean interval?)',
  'config.yml:2:1: timeout: 90 is not a duration from 1ms to 24h (such as 500ms, 10s, 1m30s)',
  'config.yml:3:1: concurrency: 0 is not a whole number from 1 to 1000000',
  `config.yml:6:5: targets[1].url: "example.com" is not an http or https URL ${URL_HINT}`,
  'config.yml:8:18: targets[2].tls_config.ca_file: "missing.pem" cannot be read: no such file or directory (a PEM file of CA certificates)',
];

// Each waits for a process of its own, so that two fit beside each other.
describe('bad input', { concurrency: 2 }, () => {
  for (const [what, args, env, stderr] of cases) {
    test(`${what} is printed on stderr, and the exit code is 2`, async () => {
      assert.deepEqual(await command(args, { env }), { exitCode: 2, stdout: '', stderr });
    });
  }

  test('a password in a URL is not repeated', async () => {
    const { exitCode, stdout, stderr } = await command(['https://joe:hunter2@example.com/']);
    assert.equal(exitCode, 2);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  test('a config file with five faults is five lines on stderr, and the exit code is 1', async () => {
    await using folder = await tempFolder();
    await folder.write('config.yml', FIVE_FAULTS);
    const found = await command(['--config.file=config.yml'], { folder: folder.path });
    const stderr = found.stderr.replaceAll(`${folder.path}/`, '');
    assert.deepEqual({ ...found, stderr }, { exitCode: 1, stdout: '', stderr: sentences(...FIVE_LINES) });
  });

  test('--config.check puts the five lines on stdout, and the exit code is 1', async () => {
    await using folder = await tempFolder();
    await folder.write('config.yml', FIVE_FAULTS);
    const args = ['--config.check', '--config.file=config.yml'];
    const found = await command(args, { folder: folder.path });
    const stdout = found.stdout.replaceAll(`${folder.path}/`, '');
    assert.deepEqual({ ...found, stdout }, { exitCode: 1, stdout: `${FIVE_LINES.join('\n')}\n`, stderr: '' });
  });

  test('a config file that is not there is one line, and the exit code is 1', async () => {
    await using folder = await tempFolder();
    const found = await command(['--config.file=no.yml', '--demo'], { folder: folder.path });
    const why = 'no.yml: cannot be read: no such file or directory (a YAML file)';
    assert.deepEqual(found, { exitCode: 1, stdout: '', stderr: sentences(why) });
  });

  test('a port that is taken is one line, and the exit code is 1', async () => {
    await using taken = await listen(createServer());
    const found = await command(['--demo', `--web.listen-address=${taken.authority}`]);
    const why = `cannot listen on ${taken.authority}: the port is in use`;
    assert.deepEqual(found, { exitCode: 1, stdout: '', stderr: sentences(why) });
  });

  test('an address that is not of this machine is one line, and the exit code is 1', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737).
    const found = await command(['--demo', '--web.listen-address=192.0.2.1:0']);
    const why = 'cannot listen on 192.0.2.1:0: no interface of this machine has that address';
    assert.deepEqual(found, { exitCode: 1, stdout: '', stderr: sentences(why) });
  });
});
