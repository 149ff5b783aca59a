import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from '../support/program.ts';

// npm itself takes seconds on a busy machine.
const PATIENCE_MS = 60_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('npm start: SIGTERM to npm ends the exporter and frees its port, and arguments reach it', async () => {
  const flags = ['--demo', '--web.listen-address=127.0.0.1:0', '--log.format=json'];
  await using npm = program('npm', ['start', '--', ...flags], { folder: ROOT });
  const [, port] = await npm.says(/"port":(\d+).*"msg":"listening"/, PATIENCE_MS);
  const healthy = `http://127.0.0.1:${port}/-/healthy`;
  assert.equal((await fetch(healthy)).status, 200);
  npm.signal('SIGTERM');
  await npm.says(/"signal":"SIGTERM","msg":"stopping"/, PATIENCE_MS);
  await npm.end();
  await assert.rejects(fetch(healthy));
});
