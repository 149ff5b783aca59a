import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { OPEN_WEB_CONFIG } from '../../../src/config/web/web-config.ts';
import { parseBasicAuth } from '../../../src/web/basic-auth.ts';
import { startWeb } from '../../support/running-web.ts';

const USERS = { joe: hashSync('right', 4) };
const JOE = `Basic ${Buffer.from('joe:right').toString('base64')}`;
const WRONG = `Basic ${Buffer.from('joe:wrong').toString('base64')}`;

function plain(port: number, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

const paths: readonly [path: string, method: string, status: number][] = [
  ['/', 'GET', 401],
  ['/metrics', 'GET', 401],
  ['/metrics', 'HEAD', 401],
  ['/config', 'GET', 401],
  ['/api/v1/targets', 'GET', 401],
  ['/status.js', 'GET', 401],
  ['/nothing', 'GET', 401],
  ['/metrics', 'PUT', 401],
  ['/-/reload', 'POST', 401],
  ['/-/healthy/', 'GET', 401],
  ['/-/healthy', 'POST', 401],
  ['/-/healthy', 'GET', 200],
  ['/-/ready?x', 'HEAD', 200],
];
for (const [path, method, status] of paths) {
  test(`web auth: ${method} ${path} without a login is ${status}`, async (t) => {
    const { port } = await startWeb(t, {}, { users: USERS });
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    assert.equal(response.status, status);
    const challenge = status === 401 ? 'Basic realm="external-url-exporter", charset="UTF-8"' : null;
    assert.equal(response.headers.get('www-authenticate'), challenge);
    if (method !== 'HEAD') assert.match(await response.text(), /^[A-Z].*\.\n$/);
  });
}

test('web auth: the right password opens, a wrong one does not, and new users count at once', async (t) => {
  const { web, port } = await startWeb(t, {}, { users: USERS });
  assert.equal((await plain(port, '/metrics', { authorization: JOE })).status, 200);
  assert.equal((await plain(port, '/metrics', { authorization: WRONG })).status, 401);
  web.applyConfig({ ...OPEN_WEB_CONFIG, users: { joe: hashSync('other', 4) } });
  assert.equal((await plain(port, '/metrics', { authorization: JOE })).status, 401);
  web.applyConfig(OPEN_WEB_CONFIG);
  assert.equal((await plain(port, '/metrics')).status, 200);
});

test('web auth: too many wrong guesses at once are 429, to be tried again', async (t) => {
  const { port } = await startWeb(t, {}, { users: { joe: hashSync('right', 9) } });
  const guesses = Array.from({ length: 12 }, (_, index) => {
    const authorization = `Basic ${Buffer.from(`joe:guess ${index}`).toString('base64')}`;
    return plain(port, '/metrics', { authorization });
  });
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.ok(statuses.includes(401) && statuses.includes(429), statuses.join());
});

test('web headers: those of the web config are on every answer', async (t) => {
  const headers = {
    'Strict-Transport-Security': 'max-age=1',
    'Content-Security-Policy': "default-src 'none'",
  };
  const { port } = await startWeb(t, {}, { headers, users: USERS });
  for (const path of ['/', '/nothing', '/-/healthy']) {
    const answer = await plain(port, path);
    assert.equal(answer.headers.get('strict-transport-security'), 'max-age=1', path);
    assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'", path);
  }
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
  test(`basic auth: ${field} ${user === undefined ? 'has no credentials' : `is ${user} with ${password}`}`, () => {
    assert.deepEqual(parseBasicAuth(field), user === undefined ? undefined : { user, password });
  });
}
