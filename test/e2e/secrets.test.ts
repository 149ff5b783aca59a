import assert from 'node:assert/strict';
import { type RequestOptions, request } from 'node:https';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { command, MAIN } from '../support/command.ts';
import { listen } from '../support/listen.ts';
import { type Program, program } from '../support/program.ts';
import { type SecretScene, secretScene } from '../support/secret-scene.ts';
import { until, untilAnswer } from '../support/until.ts';

const CRASH = new URL('../support/crash-on-request.ts', import.meta.url).href;

/** Places whose secrets do not leave the exporter, or go to it alone. */
const NEVER_SENT =
  /^(userinfo of a Location|the variable (?!HEADER)|the (file of the )?key of|the password of a client|a )/;

/** Faults beside secrets, each a config file of its own. */
const BROKEN: readonly ((secret: string) => string)[] = [
  (secret) => `targets:\n  - url: https://joe:${secret}@a.test/\n`,
  (secret) => `targets: []\nauthorization: Bearer ${secret}\n`,
  (secret) => `targets: []\nbasic_auth: {username: joe, password:${secret}}\n`,
  (secret) => `targets: []\nbasic_auth: {username: joe, password: *${secret}}\n`,
  (secret) => `targets: []\nheaders: {X-Key: "${secret}\n`,
];

describe('secrets', () => {
  let scene: SecretScene;
  let args: readonly string[];

  before(async () => {
    scene = await secretScene();
    args = [`--config.file=${scene.folder.path}/config.yml`];
  });
  after(() => scene[Symbol.asyncDispose]());

  function isHidden(what: string, shown: string): void {
    assert.deepEqual(scene.mark.within(shown), [], `${what} holds secrets:\n${shown}`);
  }

  function started(format: string, env: Readonly<Record<string, string>> = {}): Program {
    const flags = ['--log.level=debug', `--log.format=${format}`, '--web.listen-address=127.0.0.1:0'];
    const web = ['--web.enable-lifecycle', `--web.config.file=${scene.folder.path}/web.yml`];
    const all = { ...scene.env, ...env };
    return program(process.execPath, [MAIN, ...flags, ...web, ...args], { env: all });
  }

  async function asked(running: Program, path: string, options: RequestOptions = {}): Promise<string> {
    const [, port] = await running.says(/\bport"?[:=](\d+)/);
    const auth = `ann:${scene.mark.of('the password of a client')}`;
    return await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, ca: scene.ca, auth, agent: false, ...options })
        .once('error', reject)
        .once('response', (response) => {
          const head = `${response.statusCode} ${response.rawHeaders.join('\n')}`;
          text(response).then((body) => resolve(`${head}\n\n${body}`), reject);
        })
        .end();
    });
  }

  async function resultsOf(running: Program): Promise<ReadonlyMap<string, string>> {
    const answer = await asked(running, '/api/v1/targets');
    const { targets } = JSON.parse(answer.slice(answer.indexOf('\n\n')));
    return new Map(targets.map(({ url, result }: { url: string; result: string }) => [url, result]));
  }

  async function untilAllHappened(running: Program): Promise<void> {
    const areThere = (results: ReadonlyMap<string, string>) =>
      [...scene.results].every(([url, result]) => results.get(url) === result);
    await untilAnswer(() => resultsOf(running), areThere, 'every target has the result that it should');
  }

  for (const format of ['json', 'logfmt']) {
    test(`invariant 11, secrets: none is shown by the service or logged as ${format}, whatever becomes of its probes`, async () => {
      const { collector, mark, folder } = scene;
      await scene.keepFiles();
      await using running = started(format);
      await asked(running, '/-/ready');
      await scene.loseFiles();
      await untilAllHappened(running);
      const pushes = collector.requests.length;
      await until(() => collector.requests.length > pushes + 1, 'it pushes what it found');
      const paths = [
        '/',
        '/metrics',
        '/config',
        '/api/v1/targets',
        '/-/healthy',
        '/-/ready',
        '/none',
        '/%zz',
      ];
      for (const path of paths) isHidden(path, await asked(running, path));
      isHidden('405', await asked(running, '/config', { method: 'POST' }));
      isHidden('401', await asked(running, '/', { auth: `ann:${mark.of('a wrong password')}` }));
      for (const broken of BROKEN) {
        await folder.write('config.yml', broken(mark.of('a broken config')));
        const answer = await asked(running, '/-/reload', { method: 'POST' });
        assert.match(answer, /^500 /);
        isHidden('/-/reload', answer);
      }
      running.signal('SIGTERM');
      assert.equal(await running.end(), 0);
      isHidden('the log', running.output());
      isHidden('what is pushed', collector.requests.map(({ body }) => body).join('\n'));
    });
  }

  test('secrets: the servers were sent all that they should be, and what is pushed can be read', () => {
    const sent = scene.mark.within(scene.received());
    const unsent = scene.mark.places.filter((place) => !sent.includes(place));
    assert.deepEqual(
      unsent.filter((place) => !NEVER_SENT.test(place)),
      [],
    );
    const [url = ''] = scene.results.keys();
    assert.ok(scene.collector.requests.some(({ body }) => body.includes(url)));
  });

  const commands: readonly (readonly string[])[] = [
    ['--config.print'],
    ['--config.check'],
    ['--once', '--once.format=table'],
    ['--once', '--once.format=json'],
    ['--once', '--once.format=prometheus'],
  ];

  for (const flags of commands) {
    test(`invariant 11, secrets: ${flags.join(' ')} shows none`, async () => {
      await scene.keepFiles();
      const { stdout, stderr } = await command([...flags, '--log.level=debug', ...args], { env: scene.env });
      assert.notEqual(stdout, '', stderr);
      isHidden(flags.join(' '), stdout + stderr);
    });
  }

  test('invariant 11, secrets: --config.check of what is broken shows none', async () => {
    for (const broken of BROKEN) {
      await scene.folder.write('config.yml', broken(scene.mark.of('a broken config')));
      const { exitCode, stdout, stderr } = await command(['--config.check', ...args], { env: scene.env });
      assert.equal(exitCode, 1);
      isHidden('--config.check', stdout + stderr);
    }
  });

  test('invariant 11, secrets: a start that fails shows none', async () => {
    await scene.keepFiles();
    await using taken = await listen(createServer());
    const flags = [`--web.listen-address=${taken.authority}`, '--log.level=debug', ...args];
    const { exitCode, stdout, stderr } = await command(flags, { env: scene.env });
    assert.equal(exitCode, 1);
    isHidden('a start that fails', stdout + stderr);
  });

  test('secrets: a crash of the probing thread shows none, though its error carries a request', async () => {
    await scene.keepFiles();
    await using running = started('json', { CRASH: 'worker', NODE_OPTIONS: `--import=${CRASH}` });
    await running.says(/crashed by a test/);
    isHidden('a crash of the probing thread', running.output());
  });

  test('secrets: a crash of the service shows none, though its error carries a request', async () => {
    await scene.keepFiles();
    await using running = started('json', { CRASH: 'main', NODE_OPTIONS: `--import=${CRASH}` });
    await assert.rejects(asked(running, '/metrics'));
    assert.equal(await running.end(), 1);
    assert.match(running.output(), /crashed by a test/);
    isHidden('a crash of the service', running.output());
  });
});
