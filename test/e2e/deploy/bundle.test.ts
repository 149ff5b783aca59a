import assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { otlpGrpcReceiver, otlpReceiver } from '../../support/otlp-receiver.ts';
import { program, run } from '../../support/program.ts';
import { linesOf, pushEverySecondTo } from '../../support/running-pipeline.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { until, untilAnswer } from '../../support/until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

// Prints what a thread has loaded, when it is asked.
const LOADED = `
  import { existsSync } from 'node:fs';
  import { threadId } from 'node:worker_threads';
  const asking = setInterval(() => {
    if (!existsSync(process.env.ASKED)) return;
    clearInterval(asking);
    console.log('thread ' + threadId + ': ' + process.moduleLoadList.filter((id) => id.includes('undici')).length + ' of undici');
  }, 20).unref();
`;

describe('bundle', () => {
  let folder: TempFolder;

  before(async () => {
    folder = await tempFolder();
    const { exitCode, output } = await run(process.execPath, [`${ROOT}/deploy/bundle.ts`]);
    assert.equal(exitCode, 0, output);
    // Away from node_modules.
    await cp(`${ROOT}/dist`, `${folder.path}/dist`, { recursive: true });
  });
  after(() => folder[Symbol.asyncDispose]());

  const start = (...args: readonly string[]) =>
    program(process.execPath, [`${folder.path}/dist/main.mjs`, '--web.listen-address=127.0.0.1:0', ...args]);

  test('bundle: with nothing beside it, it probes and is scraped', async () => {
    await using running = start('--demo', '--log.format=pretty');
    const [, port] = await running.says(/listening[\s\S]*?port: (\d+)/);
    const text = await scraped(`http://127.0.0.1:${port}/metrics`, /^sample_external_url_up\{.*\n.*\n/m);
    assert.match(text, /^sample_external_url_up\{url=".*\/200"\} 1$/m);
    assert.match(text, /^sample_external_url_up\{url=".*\/503"\} 0$/m);
  });

  test('bundle: every thread is in it: contents are matched, and passwords compared', async () => {
    const user = await hash('secret', 4);
    const web = await folder.write('web.yml', `basic_auth_users: { probe: '${user}' }\n`);
    const config = await folder.write('config.yml', "expect: { body: [{ matches: '^200' }] }\ntargets: []\n");
    await using running = start(
      '--demo',
      '--log.format=json',
      `--config.file=${config}`,
      `--web.config.file=${web}`,
    );
    const [, port] = await running.says(/"port":(\d+)/);
    const headers = { authorization: `Basic ${btoa('probe:secret')}` };
    const text = await scraped(`http://127.0.0.1:${port}/metrics`, /\/200"\} 1/, headers);
    assert.match(text, /^sample_external_url_up\{url=".*\/200"\} 1$/m);
  });

  const protocols = { 'http/protobuf': otlpReceiver, 'http/json': otlpReceiver, grpc: otlpGrpcReceiver };
  for (const [protocol, receive] of Object.entries(protocols)) {
    test(`bundle: it pushes over ${protocol}`, async () => {
      await using receiver = await receive();
      const env = { ...pushEverySecondTo(receiver), OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
      await using _running = program(
        process.execPath,
        [`${folder.path}/dist/main.mjs`, '--web.listen-address=127.0.0.1:0', '--demo'],
        { env },
      );
      await until(() => linesOf(receiver.pushes.at(-1)).length > 0, 'it is pushed');
    });
  }

  test('bundle: no thread loads a client of the web that it does not use', async () => {
    const asked = `${folder.path}/asked`;
    const env = { NODE_OPTIONS: `--import=${await folder.write('loaded.mjs', LOADED)}`, ASKED: asked };
    await using running = program(
      process.execPath,
      [`${folder.path}/dist/main.mjs`, '--web.listen-address=127.0.0.1:0', '--log.format=json', '--demo'],
      { env },
    );
    const [, port] = await running.says(/"port":(\d+)/);
    await scraped(`http://127.0.0.1:${port}/metrics`, /\/200"\} 1/);
    await writeFile(asked, '');
    const lines = await Promise.all([running.says(/thread 0: .*/), running.says(/thread 1: .*/)]);
    assert.deepEqual(lines.flat(), ['thread 0: 0 of undici', 'thread 1: 0 of undici']);
  });

  test('bundle: its errors are those of the sources', async () => {
    const { exitCode, output } = await run(process.execPath, [
      `${folder.path}/dist/main.mjs`,
      '--prob.interval=1s',
    ]);
    assert.equal(exitCode, 2);
    assert.match(output, /--prob\.interval/);
  });
});

// The text of /metrics, once the pattern is in it.
function scraped(url: string, pattern: RegExp, headers: Record<string, string> = {}): Promise<string> {
  const ask = async () => await (await fetch(url, { headers })).text();
  return untilAnswer(ask, (text) => pattern.test(text), `/metrics has ${pattern}`);
}
