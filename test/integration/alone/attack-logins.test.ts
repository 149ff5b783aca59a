import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hashSync } from 'bcryptjs';
import { type AttackHarness, attackHarness } from '../../support/attack-harness.ts';
import { type Origin, openConnections, requestFor } from '../../support/attackers.ts';
import { attempts } from '../../support/attempts.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const ROUNDS = 15;
const GUESSERS = 50;
const USERS = { scraper: 'right', latecomer: 'right too' };

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Sends hundreds of different passwords from many connections at once; returns how many. */
async function guessPasswords(port: number, from: Origin): Promise<number> {
  let guesses = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    using guessers = await openConnections(port, GUESSERS, from);
    let answers = 0;
    for (const socket of guessers.sockets) {
      guesses += 1;
      socket.write(requestFor('/metrics', { Authorization: basic('scraper', `guess ${guesses}`) }));
      socket.once('data', () => {
        answers += 1;
      });
    }
    // Those that have their answer guess again; the few whose password is being checked are given up.
    await until(() => answers > GUESSERS / 2, 'most guesses are answered');
    await pause(50);
  }
  return guesses;
}

/** On a connection of its own, that is closed with the answer. */
async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(url, { headers: { ...headers, connection: 'close' } });
  await response.text();
  return response.status;
}

async function startHarness(): Promise<AttackHarness> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder());
  const users = Object.entries(USERS).map(([user, password]) => `  ${user}: ${hashSync(password, 10)}`);
  const file = await folder.write('web.yml', ['basic_auth_users:', ...users].join('\n'));
  const started = stack.use(
    await attackHarness([`--web.config.file=${file}`], { authorization: basic('scraper', USERS.scraper) }),
  );
  const all = stack.move();
  return { ...started, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

let harness: AttackHarness;
before(async () => {
  harness = await startHarness();
});
after(() => harness[Symbol.asyncDispose]());

test('attack: guesses of passwords starve neither those who are logged in, nor probes, nor liveness', (t) =>
  attempts(async () => {
    const figures = await harness.run(async (port) => {
      const guessed = guessPasswords(port, '127.0.0.1');
      const startMs = performance.now();
      assert.equal(await statusOf(harness.exporter.url('/-/healthy')), 200);
      assert.ok(performance.now() - startMs < 2000, 'liveness is answered at once');
      t.diagnostic(`${await guessed} guesses`);
    });
    t.diagnostic(JSON.stringify(figures));
  }));

test('attack: a first login is accepted while another address guesses', () =>
  attempts(async () => {
    await harness.run(async (port) => {
      const guessed = guessPasswords(port, '127.0.0.2');
      const headers = { authorization: basic('latecomer', USERS.latecomer) };
      assert.equal(await statusOf(harness.exporter.url('/metrics'), headers), 200);
      await guessed;
    });
  }));

test('attack: one wrong password, sent on many connections again and again, is checked once at a time', () =>
  attempts(async () => {
    const guess = requestFor('/metrics', { Authorization: basic('scraper', 'wrong') });
    await harness.run(async (port) => {
      using guessers = await openConnections(port, 200);
      for (const socket of guessers.sockets) socket.pause().write(guess.repeat(200));
      await pause(2000);
    });
  }));
