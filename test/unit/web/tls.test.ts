import assert from 'node:assert/strict';
import { Agent, type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { connect } from 'node:tls';
import type { WebTls } from '../../../src/config/web/tls.ts';
import { OPEN_WEB_CONFIG } from '../../../src/config/web/web-config.ts';
import { alternativeNames } from '../../../src/web/client-certificate.ts';
import { openConnections } from '../../support/attackers.ts';
import { certificateAuthority, issue } from '../../support/certificates.ts';
import { rawConnection } from '../../support/raw-client.ts';
import { startWeb } from '../../support/running-web.ts';
import { event } from '../../support/until.ts';

const authority = await certificateAuthority();
const stranger = await certificateAuthority();
const server = await issue({ by: authority });
const renewed = await issue({ by: authority, commonName: 'Renewed' });
const client = await issue({ by: authority, names: ['prometheus.test'] });
const forged = await issue({ by: stranger, names: ['prometheus.test'] });

function webTls(overrides: Partial<WebTls> = {}, { chainPem, keyPem } = server): WebTls {
  return {
    context: {
      cert: chainPem,
      key: keyPem,
      ca: authority.certPem,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      honorCipherOrder: true,
    },
    clientAuth: 'NoClientCert',
    clientAllowedSans: [],
    ...overrides,
  };
}

type Answer = { readonly status: number | undefined; readonly body: string; readonly names: string };

function ask(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ca: authority.certPem, agent: false, ...options });
    sent.once('error', reject).once('response', async (response) => {
      const socket = response.socket;
      const names = 'getPeerCertificate' in socket ? Object(socket).getPeerCertificate().subject.CN : '';
      resolve({ status: response.statusCode, body: await text(response), names });
    });
    sent.end();
  });
}

function plain(port: number, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

test('web tls: every path is served over TLS, and nothing without it', async (t) => {
  const { port } = await startWeb(t, {}, { tls: webTls() });
  for (const path of ['/metrics', '/-/healthy', '/-/ready', '/', '/config']) {
    assert.equal((await ask(port, path)).status, 200, path);
    await assert.rejects(plain(port, path), path);
  }
});

const versions: readonly [offered: 'TLSv1.2' | 'TLSv1.3', least: 'TLSv1.2' | 'TLSv1.3', ok: boolean][] = [
  ['TLSv1.2', 'TLSv1.2', true],
  ['TLSv1.2', 'TLSv1.3', false],
  ['TLSv1.3', 'TLSv1.3', true],
];
for (const [offered, least, ok] of versions) {
  test(`web tls: a client with ${offered} is ${ok ? 'served' : 'refused'} where ${least} is the least`, async (t) => {
    const { context } = webTls();
    const { port } = await startWeb(t, {}, { tls: webTls({ context: { ...context, minVersion: least } }) });
    const answer = ask(port, '/metrics', { minVersion: offered, maxVersion: offered });
    if (ok) assert.equal((await answer).status, 200);
    else await assert.rejects(answer);
  });
}

const none = {};
const good = { cert: client.chainPem, key: client.keyPem };
const bad = { cert: forged.chainPem, key: forged.keyPem };
const anyPolicies: readonly [WebTls['clientAuth'], none: boolean, good: boolean, bad: boolean][] = [
  ['NoClientCert', true, true, true],
  ['RequestClientCert', true, true, true],
  ['RequireAnyClientCert', false, true, true],
  ['VerifyClientCertIfGiven', true, true, false],
  ['RequireAndVerifyClientCert', false, true, false],
];
for (const [clientAuth, ...admitted] of anyPolicies) {
  test(`web tls: ${clientAuth} admits by the client's certificate`, async (t) => {
    const { port } = await startWeb(t, {}, { tls: webTls({ clientAuth }) });
    for (const [index, options] of [none, good, bad].entries()) {
      const answer = ask(port, '/metrics', options);
      if (admitted[index]) assert.equal((await answer).status, 200);
      else await assert.rejects(answer);
    }
  });
}

test('web tls: of verified clients only those with an allowed name are admitted', async (t) => {
  const clientAuth = 'RequireAndVerifyClientCert';
  for (const [sans, ok] of [
    [['prometheus.test'], true],
    [['other.test', '127.0.0.1'], true],
    [['other.test'], false],
  ] as const) {
    const { port } = await startWeb(t, {}, { tls: webTls({ clientAuth, clientAllowedSans: sans }) });
    const answer = ask(port, '/metrics', good);
    if (ok) assert.equal((await answer).status, 200);
    else await assert.rejects(answer);
  }
});

test('web tls: a name that would pass for two is one', () => {
  const text = 'DNS:a.test, DNS:"b.test, DNS:c.test", IP Address:192.0.2.1, URI:spiffe://x/y, email:a@b.test';
  assert.deepEqual(alternativeNames(text), [
    'a.test',
    'b.test, DNS:c.test',
    '192.0.2.1',
    'spiffe://x/y',
    'a@b.test',
  ]);
  assert.deepEqual(alternativeNames(''), []);
});

test('web tls: a certificate is renewed on the same port, and an idle connection does not keep the old one', async (t) => {
  const { web, port } = await startWeb(t, {}, { tls: webTls() });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await ask(port, '/metrics', { agent })).names, 'Test Leaf');
  web.applyConfig({ ...OPEN_WEB_CONFIG, tls: webTls({}, renewed) });
  assert.equal((await ask(port, '/metrics')).names, 'Renewed');
});

test('web tls: TLS comes and goes on a port that stays open', async (t) => {
  const { web, port } = await startWeb(t);
  assert.equal((await plain(port, '/metrics')).status, 200);
  web.applyConfig({ ...OPEN_WEB_CONFIG, tls: webTls() });
  await assert.rejects(plain(port, '/metrics'));
  assert.equal((await ask(port, '/metrics')).status, 200);
  web.applyConfig(OPEN_WEB_CONFIG);
  assert.equal((await plain(port, '/metrics')).status, 200);
});

test('web tls: close ends a handshake that is under way, and idle connections', async (t) => {
  const { web, port } = await startWeb(t, {}, { tls: webTls() });
  const half = await rawConnection(port);
  const idle = connect({ port, host: '127.0.0.1', ca: authority.certPem });
  await event(idle, 'secureConnect');
  const ended = Promise.all([event(half.resume(), 'close'), event(idle.resume(), 'close')]);
  await web.close(50);
  await ended;
});

test('web tls: connections without a handshake or a request make room for new ones', async (t) => {
  const { port } = await startWeb(t, {}, { tls: webTls() });
  const asking = connect({ port, host: '127.0.0.1', ca: authority.certPem });
  await event(asking, 'secureConnect');
  const ended = event(asking.resume(), 'close');
  using _silent = await openConnections(port, 700);
  await ended;
  assert.equal((await ask(port, '/metrics')).status, 200);
});

test('web tls: what is no TLS at all does no harm', async (t) => {
  const { port } = await startWeb(t, {}, { tls: webTls() });
  const socket = await rawConnection(port);
  socket.on('error', () => socket.destroy());
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await event(socket.resume(), 'close');
  assert.equal((await ask(port, '/metrics')).status, 200);
});
