import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { credentialsOf } from '../../../../src/web/login/basic-auth.ts';
import { Logins } from '../../../../src/web/login/logins.ts';

const QUICK = hashSync('right', 4);
const SLOW = hashSync('right', 10);

function loginsOf(t: TestContext, users: Record<string, string>): Logins {
  const logins = new Logins();
  logins.setUsers(users);
  t.after(() => logins.stop());
  return logins;
}

function login(user: string, password: string, address = '192.0.2.1') {
  return { user, password, address };
}

test('logins: without users nobody has to log in', (t) => {
  assert.equal(loginsOf(t, {}).areNeeded, false);
  assert.equal(loginsOf(t, { joe: QUICK }).areNeeded, true);
});

const cases: readonly [user: string, password: string, verdict: string][] = [
  ['joe', 'right', 'accepted'],
  ['joe', 'wrong', 'refused'],
  ['joe', '', 'refused'],
  ['Joe', 'right', 'refused'],
  ['ann', 'right', 'refused'],
  ['__proto__', 'right', 'refused'],
  ['toString', 'right', 'refused'],
];
for (const [user, password, verdict] of cases) {
  test(`logins: ${user} with the password "${password}" is ${verdict}, each time`, async (t) => {
    const logins = loginsOf(t, { joe: QUICK });
    assert.equal(await logins.check(login(user, password)), verdict);
    assert.equal(await logins.check(login(user, password)), verdict);
  });
}

for (const prefix of ['$2a$', '$2b$', '$2y$']) {
  test(`logins: a hash of the kind ${prefix} is understood`, async (t) => {
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

test('logins: guesses of one address wait for each other, and those beyond a few are turned away', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  const guesses = Array.from({ length: 50 }, (_, index) => logins.check(login('joe', `guess ${index}`)));
  const other = logins.check(login('joe', 'right', '192.0.2.2'));
  const verdicts = await Promise.all(guesses);
  assert.equal(verdicts.filter((verdict) => verdict === 'refused').length, 4);
  assert.equal(verdicts.filter((verdict) => verdict === 'busy').length, 46);
  assert.equal(await other, 'accepted');
});

test('logins: guesses of many addresses are turned away as well, while those who are remembered pass', async (t) => {
  const logins = loginsOf(t, { joe: SLOW });
  assert.equal(await logins.check(login('joe', 'right')), 'accepted');
  const guesses = Array.from({ length: 100 }, (_, index) =>
    logins.check(login('joe', `guess ${index}`, `192.0.2.${index}`)),
  );
  const first = await Promise.race([logins.check(login('joe', 'right')), ...guesses.slice(0, 16)]);
  assert.equal(first, 'accepted');
  const verdicts = await Promise.all(guesses);
  assert.equal(verdicts.filter((verdict) => verdict === 'refused').length, 16);
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

test('logins: what was remembered does not outlive a change of the users', async (t) => {
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
  const verdict = logins.check(login('joe', 'right'));
  logins.setUsers({ ann: QUICK });
  assert.equal(await verdict, 'refused');
});

const fields: readonly [field: string | undefined, user: string | undefined, password?: string][] = [
  [undefined, undefined],
  ['', undefined],
  ['Basic', undefined],
  ['Bearer am9lOnJpZ2h0', undefined],
  ['Basic am9l', undefined],
  ['Basic @@@@', undefined],
  ['Basic am9lOnJpZ2h0', 'joe', 'right'],
  ['basic  am9lOnJpZ2h0', 'joe', 'right'],
  [`Basic ${Buffer.from('joe:a:b').toString('base64')}`, 'joe', 'a:b'],
  [`Basic ${Buffer.from('jörg:pässword').toString('base64')}`, 'jörg', 'pässword'],
];
for (const [field, user, password] of fields) {
  test(`basic auth: ${field} ${user === undefined ? 'names nobody' : `is ${user} with ${password}`}`, () => {
    assert.deepEqual(credentialsOf(field), user === undefined ? undefined : { user, password });
  });
}
