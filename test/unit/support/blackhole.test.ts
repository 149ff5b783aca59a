import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { blackhole, refusingPort } from '../../support/blackhole.ts';
import { event } from '../../support/until.ts';

for (const host of ['127.0.0.1', '::1'] as const) {
  test(`blackhole: SYNs to ${host} get no answer, neither yes nor no`, async () => {
    await using hole = await blackhole(host);
    const sockets = Array.from({ length: 20 }, () => connect(hole.port, host));
    const outcomes: string[] = [];
    for (const socket of sockets) {
      socket.on('connect', () => outcomes.push('connected'));
      socket.on('error', ({ message }) => outcomes.push(message));
    }
    // The kernel sends the SYN again after 1 s, so this sees two of each.
    await pause(1500);
    assert.deepEqual(outcomes, []);
    for (const socket of sockets) socket.destroy();
  });

  test(`refusing port: connections to ${host} are refused`, async () => {
    await using closed = await refusingPort(host);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const [error] = await event(connect(closed.port, host), 'error');
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'ECONNREFUSED');
    }
  });
}
