import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { ProbeResult } from '../../src/probe/result.ts';
import type { Credentials, Secret } from '../../src/target/target.ts';
import { type Handler, type HttpServer, httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';

function basic(username: Secret, password: Secret): Credentials {
  return { kind: 'basic', username, password };
}

function authorization(type: string, credentials: Secret): Credentials {
  return { kind: 'authorization', type, credentials };
}

function isAuthError({ result, responseMs, phases, reason = '' }: ProbeResult): void {
  assert.equal(result, 'auth_error', reason);
  assert.equal(responseMs, undefined);
  assert.deepEqual(phases, {});
}

const sent: [what: string, credentials: Credentials, field: string][] = [
  [
    'basic_auth',
    basic({ value: 'user' }, { value: 'pass:word' }),
    `Basic ${Buffer.from('user:pass:word').toString('base64')}`,
  ],
  [
    'basic_auth in UTF-8',
    basic({ value: 'jörg' }, { value: '€' }),
    `Basic ${Buffer.from('jörg:€').toString('base64')}`,
  ],
  ['a bearer token', authorization('Bearer', { value: 'abc' }), 'Bearer abc'],
  ['another type', authorization('Token', { value: 'abc' }), 'Token abc'],
];

for (const [what, credentials, field] of sent) {
  test(`credentials: ${what} is sent in the Authorization field`, async () => {
    await using server = await httpServer();
    const headers = { authorization: 'configured as a header' };
    assert.equal((await probe(target(server.url(), { credentials, headers }))).result, 'success');
    assert.equal(server.requests[0]?.headers.authorization, field);
  });
}

test('credentials: a file is read again at each probe, without the line feed at its end', async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  const file = await folder.write('token', 'first\n');
  const settings = { credentials: authorization('Bearer', { file }) };
  await probe(target(server.url(), settings));
  await folder.write('token', 'second\n');
  await probe(target(server.url(), settings));
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ['Bearer first', 'Bearer second'],
  );
});

test('credentials: a file that is missing is an auth_error, until it is there', async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  const file = await folder.write('password', 'word');
  const settings = { credentials: basic({ value: 'user' }, { file }) };
  await rm(file);
  isAuthError(await probe(target(server.url(), settings)));
  assert.equal(server.connections(), 0);
  await folder.write('password', 'word');
  assert.equal((await probe(target(server.url(), settings))).result, 'success');
});

test('credentials: what no header field can carry is an auth_error that does not repeat it', async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  const file = await folder.write('token', 'a secret\nof two lines');
  const result = await probe(target(server.url(), { credentials: authorization('Bearer', { file }) }));
  isAuthError(result);
  assert.doesNotMatch(result.reason ?? '', /secret|lines/);
  assert.equal(server.connections(), 0);
});

const PRIVATE = {
  method: 'POST',
  body: 'private',
  headers: { cookie: 'a=private', 'x-api-key': 'private', host: 'private.test', 'user-agent': 'private' },
  credentials: authorization('Bearer', { value: 'private' }),
};

/** Answers with redirects, of which each path has its own. */
function leading(locations: Readonly<Record<string, string>>, status: number): Handler {
  return ({ url }, response) => {
    const location = locations[url];
    if (location === undefined) response.end('ok');
    else response.writeHead(status, { location }).end();
  };
}

function saysNothingPrivate({ requests }: Pick<HttpServer, 'requests'>, authority: string): void {
  assert.ok(requests.length > 0);
  for (const request of requests) {
    assert.doesNotMatch(JSON.stringify(request), /private|authorization|cookie/i);
    assert.equal(request.headers.host, authority);
    assert.equal(request.method, 'GET');
  }
}

for (const status of [301, 302, 303]) {
  test(`credentials: nothing configured goes to another origin after ${status}`, async () => {
    await using other = await httpServer();
    await using start = await httpServer(leading({ '/': other.url() }, status));
    assert.equal((await probe(target(start.url(), PRIVATE))).result, 'success');
    assert.equal(start.requests[0]?.headers.cookie, 'a=private');
    saysNothingPrivate(other, other.authority);
  });
}

test('credentials: once dropped they stay dropped, even back at the own origin', async () => {
  const away: Record<string, string> = {};
  const back: Record<string, string> = {};
  await using start = await httpServer(leading(away, 302));
  await using other = await httpServer(leading(back, 302));
  away['/'] = other.url('/away');
  back['/away'] = start.url('/back');
  assert.equal((await probe(target(start.url(), PRIVATE))).result, 'success');
  saysNothingPrivate(other, other.authority);
  saysNothingPrivate({ requests: start.requests.slice(1) }, start.authority);
});

test('credentials: the same host on another port is another origin', async () => {
  await using other = await httpServer();
  await using start = await httpServer(leading({ '/': `//${other.authority}/` }, 302));
  await probe(target(start.url(), PRIVATE));
  saysNothingPrivate(other, other.authority);
});

for (const status of [307, 308]) {
  test(`credentials: ${status} that needs the body at another origin is a redirect_error`, async () => {
    await using other = await httpServer();
    await using start = await httpServer(leading({ '/': other.url() }, status));
    assert.equal((await probe(target(start.url(), PRIVATE))).result, 'redirect_error');
    assert.equal(other.connections(), 0);
  });

  test(`credentials: ${status} keeps method, body and all else at the same origin`, async () => {
    await using server = await httpServer(leading({ '/': '/next' }, status));
    assert.equal((await probe(target(server.url(), PRIVATE))).result, 'success');
    const [first, second] = server.requests;
    assert.deepEqual(second, { ...first, url: '/next' });
    assert.equal(second?.body, 'private');
  });
}

test('credentials: user and password of a Location are not sent', async () => {
  await using other = await httpServer();
  const location = other.url().replace('//', '//user:private@');
  await using start = await httpServer(leading({ '/': location }, 302));
  assert.equal((await probe(target(start.url()))).result, 'success');
  saysNothingPrivate(other, other.authority);
});
