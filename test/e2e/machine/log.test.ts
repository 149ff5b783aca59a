import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { MAIN } from '../../support/command.ts';
import { freePort } from '../../support/free-port.ts';
import { httpServer } from '../../support/http-server.ts';
import { needsRoot } from '../../support/machine.ts';
import { run, testRunVariables } from '../../support/program.ts';
import { seriesOf } from '../../support/running-app.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { PATIENCE_MS, untilAnswer } from '../../support/until.ts';

const TARGETS = 20;
const PROBES = 60;

type Stderr = number | 'ignore';
type Meanwhile = () => void | Promise<void>;

/** Probes targets that are up and down in turn, so that it has much to log, and has to be as well as ever. */
async function goesOn(
  stderr: Stderr,
  by: readonly string[] = [],
  meanwhile: Meanwhile = () => undefined,
): Promise<void> {
  let requests = 0;
  await using server = await httpServer((_, response) => {
    requests += 1;
    response.writeHead(Math.floor(requests / TARGETS) % 2 === 0 ? 200 : 503).end();
  });
  const urls = Array.from({ length: TARGETS }, (_, n) => server.url(`/${n}`));
  const port = await freePort();
  const args = [MAIN, `--web.listen-address=127.0.0.1:${port}`, '--probe.interval=1s', ...urls];
  const [file = '', ...rest] = [...by, process.execPath, ...args, '--log.format=json'];
  const service = spawn(file, rest, {
    stdio: ['ignore', 'ignore', stderr],
    env: { PATH: process.env.PATH, ...testRunVariables() },
  });
  try {
    await untilProbed(port, PROBES);
    await meanwhile();
    await untilProbed(port, 2 * PROBES);
    assert.equal((await fetch(`http://127.0.0.1:${port}/-/healthy`)).status, 200);
    service.kill('SIGTERM');
    await once(service, 'exit');
    assert.equal(service.exitCode, 0);
  } finally {
    service.kill('SIGKILL');
  }
}

async function untilProbed(port: number, times: number): Promise<void> {
  await untilAnswer(
    () => probes(port),
    (found) => found >= times,
    `it has probed ${times} times`,
  );
}

async function probes(port: number): Promise<number> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const all = [...seriesOf(await response.text())].filter(([name]) => name.includes('probes_total{'));
    return all.reduce((sum, [, count]) => sum + count, 0);
  } catch (error) {
    // It does not listen yet.
    if (error instanceof TypeError) return 0;
    throw error;
  }
}

test('machine: with a log that cannot be written for lack of room it goes on', async () => {
  const full = openSync('/dev/full', 'w');
  await goesOn(full);
  closeSync(full);
});

test('machine: with a stderr that is closed it goes on', async () => {
  await goesOn('ignore', ['sh', '-c', 'exec "$@" 2>&-', 'sh']);
});

test('machine: with a log that nobody reads any more, and nobody closes, it goes on, and ends', async () => {
  await using folder = await tempFolder();
  const pipe = `${folder.path}/log`;
  const { exitCode, output } = await run('mkfifo', [pipe]);
  assert.equal(exitCode, 0, output);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const writer = openSync(pipe, 'w');
  await goesOn(writer, [], () => fill(reader));
  assert.match(read(reader), /"msg":"listening"/);
  for (const end of [reader, writer]) closeSync(end);
});

test(
  'machine: a log whose disk was full goes on with whole lines once there is room',
  needsRoot('mount', 'umount'),
  async () => {
    await using folder = await tempFolder();
    await mounted('-t', 'tmpfs', '-o', 'size=4k', 'none', folder.path);
    const file = `${folder.path}/log`;
    try {
      const log = openSync(file, 'a');
      await goesOn(log, [], async () => {
        assert.equal(statSync(file).size, 4096);
        await mounted('-o', 'remount,size=1m', folder.path);
      });
      closeSync(log);
      const texts = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg);
      assert.ok(texts.includes('listening') && texts.includes('stopping'), texts.join());
    } finally {
      // At once, even if a file in it is still open.
      await run('umount', ['--lazy', folder.path]);
    }
  },
);

async function mounted(...args: readonly string[]): Promise<void> {
  const { exitCode, output } = await run('mount', args);
  assert.equal(exitCode, 0, output);
}

/** Writes into a pipe until not a byte more fits. */
function fill(pipe: number): void {
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(pipe, ' '.repeat(size));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

function read(pipe: number): string {
  const bytes = Buffer.alloc(1 << 20);
  return bytes.toString('utf8', 0, readSync(pipe, bytes));
}
