import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { Logins } from '../../../../src/web/login/logins.ts';

const QUICK = hashSync('right', 4);
const SLOW = hashSync('right', 8);

function loginsOf(t: TestContext, users: Record<string, string>): Logins {
  const logins = new Logins({ maxChecks: 16, maxChecksPerAddress: 4 });
  logins.setUsers(users);
  t.after(() => logins.stop());
  return logins;
}

function login(user: string, password: string, address = '192.0.2.1') {
  return { user, password, address };
}

test('logins: without users no login is required', (t) => {
  assert.equal(loginsOf(t, {}).areRequired, false);
  assert.equal(loginsOf(t, { joe: QUICK }).areRequired, true);
});

const cases: readonly [user: string, password: string, outcome: string][] = [
  ['joe', 'right', 'accepted'],
  ['joe', 'wrong', 'refused'],
  ['joe', '', 'refused'],
  ['Joe', 'right', 'refused'],
  ['ann', 'right', 'refused'],
  ['__proto__', 'right', 'refused'],
  ['toString', 'right', 'refused'],
];
for (const [user, password, outcome] of cases) {
  test(`logins: ${user} with the password "${password}" is ${outcome}, each time`, async (t) => {
    const logins = loginsOf(t, { joe: QUICK });
    assert.equal(await logins.check(login(user, password)), outcome);
    assert.equal(await logins.check(login(user, password)), outcome);
  });
}

for (const prefix of ['$2a$', '$2b$', '$2y$']) {
  test(`logins: a hash of the kind ${prefix} is accepted`, async (t) => {
    const logins = loginsOf(t, { joe: QUICK.replace('$2b$', prefix) });
    assert.equal(await logins.check(login('joe', 'right')), 'accepted');
  });
}

test('logins: an unknown user takes as long as a known one', async (t) => {
  const logins = loginsOf(t, { joe: SLOW, ann: QUICK });
  const spent = async (user: string, password: string) => {
    const beganMs = performance.now();
    await logins.check(login(user, password));
    return performance.now() - beganMs;
  };
  await spent('joe', 'to start the thread');
  const quickest = async (user: string) =>
    Math.min(await spent(user, 'wrong 1'), await spent(user, 'wrong 2'), await spent(user, 'wrong 3'));
  const known = await quickest('joe');
  const unknown = await quickest('nobody');
  assert.ok(unknown > known / 2, `known ${known} ms, unknown ${unknown} ms`);
});

test('logins: of many guesses from one address a few are checked, the others are rejected at once', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  const guesses = Array.from({ length: 50 }, (_, index) => logins.check(login('joe', `guess ${index}`)));
  const other = logins.check(login('joe', 'right', '192.0.2.2'));
  const outcomes = await Promise.all(guesses);
  assert.equal(outcomes.filter((outcome) => outcome === 'refused').length, 4);
  assert.equal(outcomes.filter((outcome) => outcome === 'busy').length, 46);
  assert.equal(await other, 'accepted');
});

test('logins: of guesses from many addresses a few are checked as well, while a remembered login passes', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  assert.equal(await logins.check(login('joe', 'right')), 'accepted');
  const guesses = Array.from({ length: 100 }, (_, index) =>
    logins.check(login('joe', `guess ${index}`, `192.0.2.${index}`)),
  );
  const first = await Promise.race([logins.check(login('joe', 'right')), ...guesses.slice(0, 16)]);
  assert.equal(first, 'accepted');
  const outcomes = await Promise.all(guesses);
  assert.equal(outcomes.filter((outcome) => outcome === 'refused').length, 16);
});

test('logins: the event loop turns while passwords are checked', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  await Promise.all([1, 2, 3].map((guess) => logins.check(login('joe', `guess ${guess}`))));
  clearInterval(turning);
  assert.ok(turns > 10, `${turns} turns`);
});

test('logins: a change of the users forgets accepted logins', async (t) => {
  const logins = loginsOf(t, { joe: QUICK });
  assert.equal(await logins.check(login('joe', 'right')), 'accepted');
  logins.setUsers({ joe: hashSync('new', 4) });
  assert.equal(await logins.check(login('joe', 'right')), 'refused');
  assert.equal(await logins.check(login('joe', 'new')), 'accepted');
  logins.setUsers({ ann: QUICK });
  assert.equal(await logins.check(login('joe', 'new')), 'refused');
});

test('logins: a user who is removed while the password is checked is refused', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  const outcome = logins.check(login('joe', 'right'));
  logins.setUsers({ ann: QUICK });
  assert.equal(await outcome, 'refused');
});
