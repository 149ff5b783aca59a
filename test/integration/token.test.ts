import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Credentials } from '../../src/target/target.ts';
import { blackhole, refusingPort } from '../support/blackhole.ts';
import { certificateAuthority, issue } from '../support/certificates.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { after } from '../support/raw-server.ts';
import { startApp } from '../support/running-app.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tlsServer } from '../support/tls-server.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

// What hangs takes all of it, and everything else a hundredth.
const HANGS_MS = 2000;
const LATE_MS = 1500;

type OAuth2 = Extract<Credentials, { kind: 'oauth2' }>;

function oauth2(tokenUrl: string, overrides: Partial<OAuth2> = {}): OAuth2 {
  return {
    kind: 'oauth2',
    clientId: 'the client',
    clientSecret: { value: 'a+secret/:' },
    tokenUrl,
    scopes: [],
    endpointParams: {},
    tls: { insecureSkipVerify: false },
    ...overrides,
  };
}

/** Hands out `token-1`, `token-2` and so on, with these fields beside. */
function counting(fields: object): Handler {
  let count = 0;
  return (_, response) => {
    count += 1;
    response.end(JSON.stringify({ access_token: `token-${count}`, token_type: 'Bearer', ...fields }));
  };
}

test('token: it is fetched once, shared by probes that need it at once, and kept', async () => {
  await using server = await httpServer();
  await using tokens = await httpServer(counting({ expires_in: 3600 }));
  const credentials = oauth2(tokens.url('/token'));
  const probed = Array.from({ length: 20 }, () => probe(target(server.url(), { credentials })));
  for (const { result } of await Promise.all(probed)) assert.equal(result, 'success');
  await probe(target(server.url(), { credentials }));
  assert.equal(tokens.requests.length, 1);
  assert.equal(server.requests.length, 21);
  for (const { headers } of server.requests) assert.equal(headers.authorization, 'Bearer token-1');
});

test('token: its request is what RFC 6749 says, and carries nothing of the target', async () => {
  await using server = await httpServer();
  await using tokens = await httpServer(counting({}));
  const credentials = oauth2(tokens.url('/token?tenant=1'), {
    scopes: ['read', 'write'],
    endpointParams: { audience: 'https://a.test/' },
  });
  const settings = { credentials, headers: { 'x-api-key': 'private' }, method: 'PUT', body: 'private' };
  await probe(target(server.url(), settings));
  const [asked] = tokens.requests;
  assert.equal(asked?.method, 'POST');
  assert.equal(asked?.url, '/token?tenant=1');
  assert.equal(asked?.headers['content-type'], 'application/x-www-form-urlencoded');
  const pair = Buffer.from('the%20client:a%2Bsecret%2F%3A').toString('base64');
  assert.equal(asked?.headers.authorization, `Basic ${pair}`);
  assert.equal(asked?.headers['x-api-key'], undefined);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked?.body)), {
    grant_type: 'client_credentials',
    scope: 'read write',
    audience: 'https://a.test/',
  });
});

for (const status of [400, 401]) {
  test(`token: a server that answers ${status} to the header is asked with the form`, async () => {
    const give = counting({});
    await using server = await httpServer();
    await using tokens = await httpServer((request, response) => {
      if (request.headers.authorization === undefined) give(request, response);
      else response.writeHead(status).end('{"error":"invalid_client"}');
    });
    const { result } = await probe(target(server.url(), { credentials: oauth2(tokens.url()) }));
    assert.equal(result, 'success');
    assert.equal(tokens.requests.length, 2);
    const form = new URLSearchParams(tokens.requests[1]?.body);
    assert.deepEqual([form.get('client_id'), form.get('client_secret')], ['the client', 'a+secret/:']);
  });
}

test('token: it is asked for again once it has run out', async () => {
  await using server = await httpServer();
  await using tokens = await httpServer(counting({ expires_in: 0.2 }));
  const credentials = oauth2(tokens.url());
  const startedMs = performance.now();
  while (tokens.requests.length < 3 && performance.now() - startedMs < PATIENCE_MS) {
    await probe(target(server.url(), { credentials }));
  }
  assert.equal(tokens.requests.length, 3);
  assert.ok(performance.now() - startedMs >= 2 * 0.9 * 200 - 1, 'not before');
  assert.equal(server.requests.at(-1)?.headers.authorization, 'Bearer token-3');
});

test('token: one that is refused with 401 is dropped, and the next probe asks for another', async () => {
  await using server = await httpServer(({ headers }, response) => {
    response.writeHead(headers.authorization === 'Bearer token-1' ? 401 : 200).end();
  });
  await using tokens = await httpServer(counting({ expires_in: 3600 }));
  const settings = { credentials: oauth2(tokens.url()) };
  const refused = await probe(target(server.url(), settings));
  assert.deepEqual([refused.result, refused.statusCode], ['unexpected_status', 401]);
  assert.equal(server.requests.length, 1);
  assert.equal((await probe(target(server.url(), settings))).result, 'success');
  assert.equal(tokens.requests.length, 2);
});

const faults: [what: string, handler: Handler][] = [
  ['answers 500', (_, response) => response.writeHead(500).end()],
  ['refuses the client', (_, response) => response.writeHead(401).end('{"error":"invalid_client"}')],
  ['answers with a page', (_, response) => response.end('<html>')],
  ['answers with a list', (_, response) => response.end('["token"]')],
  ['answers with null', (_, response) => response.end('null')],
  ['answers without a token', (_, response) => response.end('{"token_type":"Bearer"}')],
  ['answers with an empty token', (_, response) => response.end('{"access_token":""}')],
  ['answers with a token in two lines', (_, response) => response.end('{"access_token":"a\\nb"}')],
  ['answers with a number', (_, response) => response.end('{"access_token":5}')],
  ['redirects', (_, response) => response.writeHead(302, { location: '/token' }).end()],
  ['never answers', () => {}],
  ['stops in its answer', (_, response) => response.write('{"access_token":')],
  ['closes', ({ url }, response) => response.destroy(new Error(url))],
  ['answers with more than it can have to say', (_, response) => response.end(' '.repeat(100_000))],
];

describe('token, faults', { concurrency: true }, () => {
  for (const [what, handler] of faults) {
    test(`token: a server that ${what} is an auth_error, its connection is closed`, async () => {
      await using server = await httpServer();
      await using tokens = await httpServer(handler);
      const settings = { credentials: oauth2(tokens.url('/token')), timeoutMs: HANGS_MS };
      const {
        result,
        responseMs,
        phases,
        reason = '',
      } = await probeUntilVerdict(target(server.url(), settings));
      assert.deepEqual([result, responseMs, phases], ['auth_error', undefined, {}]);
      assert.doesNotMatch(reason, /secret/);
      assert.equal(server.connections(), 0);
      await until(() => tokens.openConnections() === 0, 'the connection is closed');
      const asked = tokens.requests.length;
      await probe(target(server.url(), settings));
      assert.ok(tokens.requests.length > asked, 'the failure is not kept');
    });
  }

  for (const [what, closedPort] of Object.entries({ refuses: refusingPort, 'drops SYNs': blackhole })) {
    test(`token: a server that ${what} is an auth_error`, async () => {
      await using server = await httpServer();
      await using tokens = await closedPort();
      const credentials = oauth2(`http://${tokens.authority}/`);
      const { result, responseMs } = await probeUntilVerdict(
        target(server.url(), { credentials, timeoutMs: HANGS_MS }),
      );
      assert.deepEqual([result, responseMs], ['auth_error', undefined]);
      assert.equal(server.connections(), 0);
    });
  }
});

test('token: a client secret in a file that is missing is an auth_error', async () => {
  await using server = await httpServer();
  await using tokens = await httpServer(counting({}));
  await using folder = await tempFolder();
  const credentials = oauth2(tokens.url(), { clientSecret: { file: `${folder.path}/missing` } });
  const { result } = await probe(target(server.url(), { credentials }));
  assert.equal(result, 'auth_error');
  assert.equal(tokens.connections(), 0);
});

test('token: the time it takes is not in response_ms, and its deadline is its own', async () => {
  const give = counting({});
  await using server = await httpServer((_, response) => after(LATE_MS, response, () => response.end()));
  await using tokens = await httpServer((request, response) => {
    after(LATE_MS, response, () => give(request, response));
  });
  const settings = { credentials: oauth2(tokens.url()), timeoutMs: 1.5 * LATE_MS };
  const { result, responseMs = 0 } = await probe(target(server.url(), settings));
  assert.equal(result, 'success');
  assert.ok(responseMs < 1.5 * LATE_MS, `${responseMs}`);
});

test('token: its server is verified by TLS settings of its own', async () => {
  const root = await certificateAuthority();
  await using folder = await tempFolder();
  const caFile = await folder.write('ca.pem', root.certPem);
  await using server = await httpServer();
  await using tokens = await tlsServer(await issue({ by: root }), counting({}));
  const trusting = oauth2(tokens.url(), { tls: { insecureSkipVerify: false, caFile } });
  assert.equal((await probe(target(server.url(), { credentials: trusting }))).result, 'success');
  const settings = { credentials: oauth2(tokens.url()), tls: { caFile } };
  assert.equal((await probe(target(server.url(), settings))).result, 'auth_error');
  assert.equal(tokens.requests.length, 1);
});

test('token: a reload that changes nothing fetches no token', async () => {
  await using server = await httpServer();
  await using tokens = await httpServer(counting({ expires_in: 3600 }));
  const settings = { credentials: oauth2(tokens.url()), intervalMs: 100 };
  await using run = await startApp([target(server.url(), settings)]);
  const untilProbedAgain = () => {
    const before = server.requests.length;
    return until(() => server.requests.length >= before + 2, 'it is probed with the targets in effect');
  };
  await untilProbedAgain();
  for (let reload = 0; reload < 3; reload += 1) {
    assert.deepEqual(await run.app.reload('a test'), []);
    await untilProbedAgain();
  }
  assert.equal(tokens.requests.length, 1);
  for (const { headers } of server.requests) assert.equal(headers.authorization, 'Bearer token-1');
});
