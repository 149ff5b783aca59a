import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseExposition } from '../../support/exposition.ts';
import { run } from '../../support/program.ts';
import { untilAnswer } from '../../support/until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const IMAGE = 'external-url-exporter:e2e';
const PATIENCE_MS = 60_000;
const ASK_EVERY_MS = 200;
const HARDENED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--memory=256m'];
// Such as --network=host, where the engine's own network reaches no package registry.
const BUILD_FLAGS = (process.env.IMAGE_BUILD_FLAGS ?? '').split(' ').filter((flag) => flag !== '');

const engine = spawnSync('docker', ['version'], { encoding: 'utf8' });
const skip = engine.status === 0 ? false : 'no Docker engine answers (DOCKER_HOST names one)';

describe('image', { skip, concurrency: false }, () => {
  let container = '';

  before(async () => {
    await docker('build', ...BUILD_FLAGS, '--tag', IMAGE, ROOT);
    container = await docker('run', '--detach', '--publish=127.0.0.1::8080', ...HARDENED, IMAGE, '--demo');
  });
  after(async () => {
    if (container !== '') await docker('rm', '--force', container);
  });

  test('image: it runs as a user that is not root, and says what it is', async () => {
    const { Config } = JSON.parse(await docker('image', 'inspect', '--format={{json .}}', IMAGE));
    assert.equal(Config.User, '65532:65532');
    assert.equal(Config.Labels['org.opencontainers.image.title'], 'external-url-exporter');
    assert.deepEqual(Config.Healthcheck.Test.slice(0, 2), ['CMD', '/nodejs/bin/node']);
  });

  test('image: hardened and with a root that cannot be written it becomes healthy', async () => {
    const health = () => docker('inspect', '--format={{.State.Health.Status}}', container);
    await until(async () => (await health()) === 'healthy', 'the container is healthy');
  });

  test('image: a scrape has a target that is up and one that is down', async () => {
    const address = await docker('port', container, '8080/tcp');
    const up = async () => {
      const text = await (await fetch(`http://${address}/metrics`)).text();
      return parseExposition(text)
        .filter(({ name }) => name === 'sample_external_url_up')
        .flatMap(({ samples }) => samples.map(({ value }) => value));
    };
    await until(async () => (await up()).length === 2, 'both targets were probed');
    assert.deepEqual((await up()).sort(), [0, 1]);
  });

  test('image: it has no shell', async () => {
    const { exitCode } = await run('docker', ['exec', container, '/bin/sh', '-c', 'true']);
    assert.notEqual(exitCode, 0);
  });

  test('image: it ends with code 0 within a second of a stop', async () => {
    const began = performance.now();
    await docker('stop', '--time=10', container);
    assert.ok(performance.now() - began < 1000, `${performance.now() - began} ms`);
    assert.equal(await docker('inspect', '--format={{.State.ExitCode}}', container), '0');
  });
});

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  await untilAnswer(condition, (holds) => holds, what, { patienceMs: PATIENCE_MS, everyMs: ASK_EVERY_MS });
}

async function docker(...args: readonly string[]): Promise<string> {
  const { exitCode, output } = await run('docker', args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${exitCode}\n${output}`);
  return output.trim();
}
