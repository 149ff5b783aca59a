import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MAIN } from '../support/command.ts';
import { httpServer } from '../support/http-server.ts';
import { testRunVariables } from '../support/program.ts';
import { event } from '../support/until.ts';

type Stdio = 'pipe' | 'ignore' | number;

function start(args: readonly string[], stdout: Stdio = 'pipe', stderr: Stdio = 'pipe') {
  return spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', stdout, stderr],
    env: testRunVariables(),
  });
}

function lines(stream: Readable | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream);
}

const outcomes: readonly [what: string, args: (url: string) => readonly string[], exitCode: number][] = [
  ['--help', () => ['--help'], 0],
  ['--once', (url) => ['--once', url], 0],
  ['--once of a target that is not up', (url) => ['--once', `${url}404`], 1],
];

// Each waits for a process of its own, so that two fit beside each other.
describe('streams', { concurrency: 2 }, () => {
  for (const [what, args, exitCode] of outcomes) {
    test(`a reader of stdout that has gone changes nothing for ${what}`, async () => {
      await using server = await httpServer(({ url }, response) =>
        response.writeHead(url === '/404' ? 404 : 200).end(),
      );
      const child = start(args(server.url()));
      child.stdout?.destroy();
      const stderr = lines(child.stderr);
      await once(child, 'exit');
      assert.deepEqual([child.exitCode, await stderr], [exitCode, '']);
    });
  }

  test('a stdout that is full is reported in one line, and the exit code is 1', async () => {
    const full = openSync('/dev/full', 'w');
    const child = start(['--help'], full);
    closeSync(full);
    const stderr = lines(child.stderr);
    await once(child, 'exit');
    assert.equal(child.exitCode, 1);
    assert.match(await stderr, /^external-url-exporter: cannot write to stdout: ENOSPC[^\n]*\n$/);
  });

  test('bad input with nobody at stderr is still exit code 2', async () => {
    const child = start(['--nonsense']);
    child.stderr?.destroy();
    await once(child, 'exit');
    assert.equal(child.exitCode, 2);
  });

  test('the service goes on when nobody reads its log any more', async () => {
    await using server = await httpServer();
    const child = start(['--web.listen-address=127.0.0.1:0', '--log.level=debug', server.url()]);
    try {
      const [line] = child.stderr === null ? [] : await event(child.stderr, 'data');
      const { port }: { port?: number } = JSON.parse(String(line).split('\n')[0] ?? '');
      child.stderr?.destroy();
      // Makes it log.
      child.kill('SIGHUP');
      const ready = () => fetch(`http://127.0.0.1:${port}/-/ready`).then(({ status }) => status);
      while ((await ready()) !== 200) await pause(5);
      const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.ok((await metrics.text()).includes(`sample_external_url_up{url="${server.url()}"} 1`));
      child.kill('SIGTERM');
      await once(child, 'exit');
      assert.equal(child.exitCode, 0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
