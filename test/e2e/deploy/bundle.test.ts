import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { otlpGrpcReceiver, otlpReceiver } from '../../support/otlp-receiver.ts';
import { program, run } from '../../support/program.ts';
import { linesOf, oftenTo } from '../../support/pushing.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { until, untilAnswer } from '../../support/until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

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

  test('bundle: every thread is in it: contents are judged, and passwords compared', async () => {
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
      const env = { ...oftenTo(receiver), OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
      await using _running = program(
        process.execPath,
        [`${folder.path}/dist/main.mjs`, '--web.listen-address=127.0.0.1:0', '--demo'],
        { env },
      );
      await until(() => linesOf(receiver.pushes.at(-1)).length > 0, 'it is pushed');
    });
  }

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
