import assert from 'node:assert/strict';
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WebConfigWatch } from '../../../../src/config/web/watch.ts';
import { loadWebConfig, type WebConfig } from '../../../../src/config/web/web-config.ts';
import { issue } from '../../../support/certificates.ts';
import { type TempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';
const LOOK_EVERY_MS = 5;

// At once, so that nobody reads half of it: here it is read far more often than in life.
async function replace(folder: TempFolder, content: string): Promise<void> {
  await rename(await folder.write('new.yml', content), join(folder.path, 'web.yml'));
}

async function watching(t: TestContext, file: string, lookEveryMs = LOOK_EVERY_MS) {
  const loaded = await loadWebConfig(file);
  assert.ok('config' in loaded);
  const changes: WebConfig[] = [];
  const faults: (readonly string[])[] = [];
  const listener = {
    onChange: (config: WebConfig) => changes.push(config),
    onFaults: (lines: readonly string[]) => faults.push(lines),
  };
  const watch = new WebConfigWatch(file, loaded.config, listener, lookEveryMs);
  t.after(() => watch.stop());
  return { watch, changes, faults };
}

test('web config watch: a change of the content is reported once', async (t) => {
  await using folder = await tempFolder();
  const file = await folder.write('web.yml', '{}');
  const { changes, faults } = await watching(t, file);
  await replace(folder, `basic_auth_users: { joe: ${HASH} }`);
  await until(() => changes.length > 0, 'the change is reported');
  await replace(folder, `basic_auth_users: { joe: ${HASH} } # nothing new`);
  await replace(folder, '{}');
  await until(() => changes.length > 1, 'the next change is reported');
  assert.deepEqual(changes, [
    { headers: {}, users: { joe: HASH } },
    { headers: {}, users: {} },
  ]);
  assert.deepEqual(faults, []);
});

test('web config watch: a bad change is reported with its place, and a good one after it', async (t) => {
  await using folder = await tempFolder();
  const file = await folder.write('web.yml', `basic_auth_users: { joe: ${HASH} }`);
  const { changes, faults } = await watching(t, file);
  await replace(folder, 'basic_auth_users: 5');
  await until(() => faults.length > 0, 'the fault is reported');
  assert.deepEqual(faults, [
    [`${file}:1:1: basic_auth_users: the value is not a map of user names to bcrypt hashes`],
  ]);
  assert.deepEqual(changes, []);
  await replace(folder, '{}');
  await until(() => changes.length > 0, 'the change is reported');
});

test('web config watch: new certificates in a folder whose symlink is swapped are a change', async (t) => {
  await using folder = await tempFolder();
  const [first, second] = await Promise.all([issue(), issue()]);
  for (const [name, { chainPem, keyPem }] of Object.entries({ first, second })) {
    await folder.write(`${name}.crt`, chainPem);
    await folder.write(`${name}.key`, keyPem);
  }
  const link = async (name: string) => {
    for (const extension of ['crt', 'key']) {
      await symlink(join(folder.path, `${name}.${extension}`), join(folder.path, `new.${extension}`));
      await rename(join(folder.path, `new.${extension}`), join(folder.path, `tls.${extension}`));
    }
  };
  await link('first');
  const file = await folder.write('web.yml', 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }');
  const { changes } = await watching(t, file);
  await link('second');
  await until(() => changes.length > 0, 'the change is reported');
  assert.equal(changes[0]?.tls?.context.cert, second.chainPem);
});

test('web config watch: reload reads at once, and returns what is wrong', async (t) => {
  await using folder = await tempFolder();
  const file = await folder.write('web.yml', '{}');
  const { watch, changes, faults } = await watching(t, file, 60_000);
  assert.deepEqual(await watch.reload(), []);
  await replace(folder, 'basic_auth_user: {}');
  const line = `${file}:1:1: basic_auth_user: is not a known key (did you mean basic_auth_users?)`;
  assert.deepEqual(await watch.reload(), [line]);
  assert.deepEqual(faults, [[line]]);
  await replace(folder, `basic_auth_users: { joe: ${HASH} }`);
  assert.deepEqual(await watch.reload(), []);
  assert.deepEqual(changes, [{ headers: {}, users: { joe: HASH } }]);
});
