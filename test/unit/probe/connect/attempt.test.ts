import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { makeTcpAttempt, makeTlsAttempt } from '../../../../src/probe/connect/attempt.ts';
import { rawServer } from '../../../support/raw-server.ts';

const OPTIONS = { name: 'localhost', secureContext: createSecureContext() };

for (const [what, makeAttempt] of [
  ['TCP', makeTcpAttempt],
  ['TLS', (port: number) => makeTlsAttempt(port, OPTIONS)],
] as const) {
  test(`attempt: a small ${what} packet does not wait for the one before to be acknowledged`, async (t) => {
    await using server = await rawServer(() => {});
    const { socket, begin } = makeAttempt(server.port);
    const setNoDelay = t.mock.method(Reflect.get(socket, '_handle'), 'setNoDelay');
    begin({ ip: '127.0.0.1', family: 4 });
    await once(socket, 'connect');
    assert.deepEqual(setNoDelay.mock.calls.at(-1)?.arguments, [true]);
    socket.destroy();
  });
}
