import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refusingPort } from '../support/blackhole.ts';
import { command } from '../support/command.ts';
import { parseExposition } from '../support/exposition.ts';
import { httpServer } from '../support/http-server.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Lines without what was measured. */
function linesOf(stdout: string): readonly string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +\d+\.\d +[dcswt]+ /, ' MS PHASES ').replace(/ +/g, ' '));
}

// Each waits for a process of its own, so that two fit beside each other.
describe('once', { concurrency: 2 }, () => {
  test('all up is exit code 0, and a table on stdout', async () => {
    await using server = await httpServer();
    const { exitCode, stdout, stderr } = await command(['--once', server.url('/a'), server.url('/b')]);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.deepEqual(linesOf(stdout).slice(0, 5), [
      ' URL STATUS MS PHASES RESULT',
      `up ${server.url('/a')} 200 MS PHASES success`,
      `up ${server.url('/b')} 200 MS PHASES success`,
      '',
      '2 of 2 up',
    ]);
    assert.equal(server.requests.length, 2);
  });

  test('one that is not up is exit code 1, and the reason is in the table', async () => {
    await using server = await httpServer();
    await using refusing = await refusingPort();
    const refused = `http://${refusing.authority}/`;
    const { exitCode, stdout, stderr } = await command(['--once', server.url(), refused]);
    assert.deepEqual([exitCode, stderr], [1, '']);
    const [, up = '', down = ''] = linesOf(stdout);
    assert.equal(up, `up ${server.url()} 200 MS PHASES success`);
    assert.ok(down.startsWith(`down ${refused} MS PHASES connect_refused: `), down);
  });

  test('with nothing to probe the exit code is 2', async () => {
    await using folder = await tempFolder();
    await folder.write('none.yml', 'targets: []\n');
    const { exitCode, stderr } = await command(['--once', '--config.file=none.yml'], { folder: folder.path });
    assert.deepEqual([exitCode, stderr], [2, '']);
  });

  test('--demo is one up and one not', async () => {
    const { exitCode, stdout } = await command(['--once', '--demo']);
    assert.equal(exitCode, 1);
    const [, first = '', second = ''] = linesOf(stdout);
    assert.match(first, /^up http:\/\/127\.0\.0\.1:\d+\/200 200 MS PHASES success$/);
    assert.match(second, /^down http:\/\/127\.0\.0\.1:\d+\/503 503 MS PHASES unexpected_status: /);
  });

  test('as JSON it is a list with what was found', async () => {
    await using server = await httpServer((_request, response) => response.writeHead(404).end('no'));
    const { exitCode, stdout } = await command(['--once', '--once.format=json', server.url()]);
    assert.equal(exitCode, 1);
    const [found, ...others]: readonly Record<string, unknown>[] = JSON.parse(stdout);
    assert.deepEqual(others, []);
    assert.equal(found?.url, server.url());
    assert.equal(found?.result, 'unexpected_status');
    assert.equal(found?.statusCode, 404);
  });

  test('as Prometheus text it is what /metrics would hold', async () => {
    await using server = await httpServer();
    const { exitCode, stdout } = await command(['--once', '--once.format=prometheus', server.url()]);
    assert.equal(exitCode, 0);
    assert.ok(parseExposition(stdout).length > 10);
    assert.ok(stdout.includes(`\nsample_external_url_up{url="${server.url()}"} 1\n`));
  });

  test('every target is probed once, however short its interval', async () => {
    await using slow = await httpServer((_request, response) => setTimeout(() => response.end(), 500));
    await using fast = await httpServer();
    await using folder = await tempFolder();
    const targets = `[{url: "${fast.url()}", interval: 100ms}, "${slow.url()}"]`;
    await folder.write('config.yml', `targets: ${targets}\n`);
    const args = ['--once', '--once.format=prometheus', '--config.file=config.yml'];
    const { exitCode, stdout } = await command(args, { folder: folder.path });
    assert.equal(exitCode, 0);
    const count = `sample_external_url_probes_total{url="${fast.url()}",result="success"} 1\n`;
    assert.ok(stdout.includes(count));
  });
});
