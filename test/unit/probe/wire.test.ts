import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { makeTcpAttempt, makeTlsAttempt } from '../../../src/probe/connect/attempt.ts';
import { issue } from '../../support/certificates.ts';
import { rawServer } from '../../support/raw-server.ts';

const SENT = Buffer.alloc(8 * 1024 * 1024);
const OPTIONS = { name: 'localhost', secureContext: createSecureContext() };

/** Keeps the event loop from everything else. */
function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

for (const [what, makeAttempt] of [
  ['TCP', makeTcpAttempt],
  ['TLS', (port: number) => makeTlsAttempt(port, OPTIONS)],
] as const) {
  test(`wire: a ${what} connection whose bytes take long to read lets others run, and loses none`, async () => {
    const { certPem: cert, keyPem: key } = await issue();
    const tls = what === 'TLS' ? { tls: { cert, key } } : {};
    await using server = await rawServer((socket) => socket.end(SENT), { on: 'connection', ...tls });
    const { socket, inlet, begin } = makeAttempt(server.port);
    let [bytes, inTurn, longestTurn, isEnded] = [0, 0, 0, false];
    inlet.read(({ length }) => {
      bytes += length;
      if (length < 16_000) return;
      standStill(6);
      inTurn += 1;
      longestTurn = Math.max(longestTurn, inTurn);
    });
    socket.once('end', () => {
      isEnded = true;
    });
    begin({ ip: '127.0.0.1', family: 4 });
    while (!isEnded) {
      await nextTurn();
      inTurn = 0;
    }
    assert.equal(bytes, SENT.length);
    // One read of TLS brings up to 64 KiB, in records of 16.
    assert.ok(longestTurn <= 6, `${longestTurn} reads in one turn`);
  });
}
