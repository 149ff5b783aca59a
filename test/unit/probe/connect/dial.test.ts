import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { makeTcpAttempt } from '../../../../src/probe/connect/attempt.ts';
import { dial } from '../../../../src/probe/connect/dial.ts';
import { Deadline } from '../../../../src/probe/deadline.ts';
import { Failure } from '../../../../src/probe/failure.ts';
import { listen } from '../../../support/listen.ts';
import { rawConnection } from '../../../support/raw-client.ts';
import { until } from '../../../support/until.ts';

const OTHERWISE = new Failure('dns_error', 'no address');

function destination(port: number) {
  const addresses = [{ ip: '127.0.0.1', family: 4 }] as const;
  const makeAttempt = makeTcpAttempt;
  const first = makeAttempt(port);
  return { addresses, rest: Promise.resolve([]), port, first, makeAttempt, otherwise: () => OTHERWISE };
}

/** Keeps the event loop from everything else. */
function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

test('dial: a connection that comes just after the deadline is closed', async () => {
  let seen = 0;
  const accept = createServer((socket) =>
    socket.on('data', () => {
      seen += 1;
      standStill(40);
    }),
  );
  await using server = await listen(accept);
  const other = await rawConnection(server.port);
  await until(() => server.connections() === 1, 'the first connection is accepted');
  const deadline = new Deadline(20);
  // Both are ready in one turn of the loop: the deadline passes with the first, before its timer can fire.
  other.write('x');
  const outcome = await dial(destination(server.port), deadline);
  assert.ok(outcome instanceof Failure);
  // Whose fault it was depends on how soon the byte came.
  assert.match(outcome.result, /^(connect_timeout|internal_error)$/);
  assert.equal(seen, 1);
  await until(() => server.connections() === 2 && server.openConnections() === 1, 'the connection is closed');
  other.destroy();
});

test('dial: with no address at all the outcome is the one given, and the attempt that was made is closed', async () => {
  const deadline = new Deadline(1000);
  const toNone = { ...destination(1), addresses: [] };
  assert.equal(await dial(toNone, deadline), OTHERWISE);
  assert.equal(toNone.first.socket.destroyed, true);
  deadline.stop();
});
