import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { helpText } from '../../src/config/command-line/help.ts';
import { command } from '../support/command.ts';
import { tempFolder } from '../support/temp-folder.ts';

const CONFIG = `interval: 20s
targets:
  - https://example.com/health
  - url: https://example.org/
    labels: {team: core}
    headers: {X-Key: hunter2}
`;

// Each waits for a process of its own, so that two fit beside each other.
describe('print', { concurrency: 2 }, () => {
  test('--help is the whole help, whatever else is given', async () => {
    const expected = { exitCode: 0, stdout: helpText(), stderr: '' };
    assert.deepEqual(await command(['--nonsense', '--help']), expected);
  });

  test('--version is the version of the package, and that of Node', async () => {
    const stdout = `external-url-exporter ${manifest.version} (Node.js ${process.version})\n`;
    assert.deepEqual(await command(['--version']), { exitCode: 0, stdout, stderr: '' });
  });

  test('--config.check of a file without faults says so', async () => {
    await using folder = await tempFolder();
    await folder.write('config.yml', CONFIG);
    assert.deepEqual(await command(['--config.check', '--config.file=config.yml'], { folder: folder.path }), {
      exitCode: 0,
      stdout: 'config.yml: ok, 2 targets\n',
      stderr: '',
    });
  });

  test('--config.print shows what is in effect, flags laid over it and secrets hidden', async () => {
    await using folder = await tempFolder();
    await folder.write('config.yml', CONFIG);
    const args = ['--config.print', '--config.file=config.yml', '--probe.timeout=3s'];
    const { exitCode, stdout, stderr } = await command(args, { folder: folder.path });
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /^interval: 20s$/m);
    assert.match(stdout, /^timeout: 3s$/m);
    assert.match(stdout, /^ {6}X-Key: <secret>$/m);
    assert.doesNotMatch(stdout, /hunter2/);
  });

  test('what --config.print shows loads as the same config', async () => {
    await using folder = await tempFolder();
    const printed = await command(['--config.print', 'https://example.com/a', '--probe.interval=1s']);
    await folder.write('printed.yml', printed.stdout);
    const again = await command(['--config.print', '--config.file=printed.yml'], { folder: folder.path });
    assert.deepEqual(again, printed);
  });
});
