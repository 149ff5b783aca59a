import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { crowd, requestFor } from '../../support/attackers.ts';
import { attempts } from '../../support/attempts.ts';
import { siege } from '../../support/siege.ts';

const HOLD_MS = 2000;
const SCRAPE = requestFor('/metrics');
const ZIPPED = requestFor('/metrics', { 'Accept-Encoding': 'gzip' });
const PAGE = requestFor('/?rows=100000');
const UPLOAD = 'POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{';

type Attack = (port: number) => Promise<void>;

/** Opens connections, does this on each of them, and holds on to them. */
function holding(count: number, act: (socket: Socket) => void): Attack {
  return async (port) => {
    using attackers = await crowd(port, count);
    for (const socket of attackers.sockets) act(socket);
    await pause(HOLD_MS);
  };
}

async function dripping(port: number): Promise<void> {
  using attackers = await crowd(port, 300);
  for (const character of SCRAPE.slice(0, 20)) {
    for (const socket of attackers.sockets) socket.write(character);
    await pause(HOLD_MS / 20);
  }
}

/** Connections that come anew all the time, do this and go. */
function coming(rounds: number, act: (socket: Socket) => void): Attack {
  return async (port) => {
    for (let round = 0; round < rounds; round += 1) {
      using attackers = await crowd(port, 100);
      for (const socket of attackers.sockets) act(socket);
      await pause(50);
    }
  };
}

const attacks: readonly [what: string, attack: Attack][] = [
  ['1000 connections that never ask', holding(1000, () => {})],
  ['1000 connections that are kept after one request', holding(1000, (socket) => socket.write(SCRAPE))],
  ['300 clients that send a request a byte at a time', dripping],
  ['300 clients that never end the body they announce', holding(300, (socket) => socket.write(UPLOAD))],
  ['400 clients that never read their gzip', holding(400, (socket) => socket.pause().write(ZIPPED))],
  [
    '20 clients that send 500 requests in one go and read no answer',
    holding(20, (socket) => socket.pause().write(ZIPPED.repeat(500))),
  ],
  [
    '20 clients that send 500 requests in one go',
    holding(20, (socket) => socket.resume().write(SCRAPE.repeat(500))),
  ],
  ['200 clients that ask for the status page', holding(200, (socket) => socket.resume().write(PAGE))],
  ['3000 requests of clients that come anew', coming(30, (socket) => socket.resume().write(SCRAPE))],
  ['3000 connections that end at once', coming(30, () => {})],
  [
    '3000 resets amid a request',
    coming(30, (socket) => socket.write(SCRAPE, () => socket.resetAndDestroy())),
  ],
];

for (const [what, attack] of attacks) {
  test(`attack: ${what} change no verdict, no schedule and no scrape`, (t) =>
    attempts(async () => {
      await using besieged = await siege();
      const figures = await besieged.withstands(attack);
      assert.ok(figures.scrapes > 3, `${figures.scrapes} scrapes`);
      t.diagnostic(JSON.stringify(figures));
    }));
}
