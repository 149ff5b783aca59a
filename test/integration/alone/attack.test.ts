import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Attack, type AttackHarness, attackHarness } from '../../support/attack-harness.ts';
import { openConnections, requestFor } from '../../support/attackers.ts';
import { attempts } from '../../support/attempts.ts';

const HOLD_MS = 1000;
const SCRAPE = requestFor('/metrics');
const ZIPPED = requestFor('/metrics', { 'Accept-Encoding': 'gzip' });
const PAGE = requestFor('/?rows=100000');
const UPLOAD = 'POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{';

/** Opens connections, does this on each of them, and keeps them open. */
function holdOpen(count: number, act: (socket: Socket) => void): Attack {
  return async (port) => {
    using attackers = await openConnections(port, count);
    for (const socket of attackers.sockets) act(socket);
    await pause(HOLD_MS);
  };
}

async function sendSlowly(port: number): Promise<void> {
  using attackers = await openConnections(port, 300);
  for (const character of SCRAPE.slice(0, 20)) {
    for (const socket of attackers.sockets) socket.write(character);
    await pause(HOLD_MS / 20);
  }
}

/** Opens new connections again and again, does this on each and closes it. */
function reconnect(rounds: number, act: (socket: Socket) => void): Attack {
  return async (port) => {
    for (let round = 0; round < rounds; round += 1) {
      using attackers = await openConnections(port, 100);
      for (const socket of attackers.sockets) act(socket);
      await pause(50);
    }
  };
}

const attacks: readonly [what: string, attack: Attack][] = [
  ['1000 connections without a request', holdOpen(1000, () => {})],
  ['1000 connections that are kept after one request', holdOpen(1000, (socket) => socket.write(SCRAPE))],
  ['300 clients that send a request a byte at a time', sendSlowly],
  ['300 clients that never end the body they announce', holdOpen(300, (socket) => socket.write(UPLOAD))],
  ['400 clients that never read their gzip', holdOpen(400, (socket) => socket.pause().write(ZIPPED))],
  [
    '20 clients that send 500 requests in one go and read no answer',
    holdOpen(20, (socket) => socket.pause().write(ZIPPED.repeat(500))),
  ],
  [
    '20 clients that send 500 requests in one go',
    holdOpen(20, (socket) => socket.resume().write(SCRAPE.repeat(500))),
  ],
  ['200 clients that ask for the status page', holdOpen(200, (socket) => socket.resume().write(PAGE))],
  ['3000 requests on connections of their own', reconnect(30, (socket) => socket.resume().write(SCRAPE))],
  ['3000 connections that end at once', reconnect(30, () => {})],
  [
    '3000 resets amid a request',
    reconnect(30, (socket) => socket.write(SCRAPE, () => socket.resetAndDestroy())),
  ],
];

let harness: AttackHarness;
before(async () => {
  harness = await attackHarness();
});
after(() => harness[Symbol.asyncDispose]());

for (const [what, attack] of attacks) {
  test(`attack: ${what} change no result, no schedule and no scrape`, (t) =>
    attempts(async () => {
      const figures = await harness.run(attack);
      assert.ok(figures.scrapes > 3, `${figures.scrapes} scrapes`);
      t.diagnostic(JSON.stringify(figures));
    }));
}
