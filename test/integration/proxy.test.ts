import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { daysFromNow, issue } from '../support/certificates.ts';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { rawServer } from '../support/raw-server.ts';
import { secureSite } from '../support/secure-site.ts';
import { target, through } from '../support/target.ts';
import { tlsFront } from '../support/tls-front.ts';
import { until } from '../support/until.ts';

test('proxy: an http target is asked for in absolute form', async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer();
  const { result, phases } = await probe(through(proxy.url, server.url('/path?q=1#part')));
  assert.equal(result, 'success');
  assert.deepEqual(Object.keys(phases), ['connect', 'wait', 'transfer']);
  const [asked] = proxy.requests;
  assert.equal(asked?.method, 'GET');
  assert.equal(asked?.target, server.url('/path?q=1'));
  assert.equal(asked?.headers.host, server.authority);
  assert.equal(server.requests.length, 1);
});

test('proxy: an https target is reached through CONNECT, and its certificate is checked', async () => {
  await using stack = new AsyncDisposableStack();
  const { server, tls } = stack.use(await secureSite());
  const proxy = stack.use(await proxyServer());
  const { result, phases } = await probe(through(proxy.url, server.url(), { tls }));
  assert.equal(result, 'success');
  assert.deepEqual(Object.keys(phases), ['connect', 'tls', 'wait', 'transfer']);
  assert.deepEqual(
    proxy.requests.map(({ method, target, headers }) => [method, target, headers.host]),
    [['CONNECT', server.authority, server.authority]],
  );
  assert.equal((await probe(through(proxy.url, server.url()))).result, 'tls_certificate');
  assert.equal(server.requests.length, 1);
  await until(() => proxy.openConnections() === 0, 'the connections to the proxy are closed');
});

test('proxy: its credentials go to it alone, at each hop', async () => {
  await using stack = new AsyncDisposableStack();
  const { server, tls } = stack.use(await secureSite());
  const start = stack.use(
    await httpServer((_, response) => response.writeHead(302, { location: server.url() }).end()),
  );
  const proxy = stack.use(await proxyServer({ credentials: 'us%er:pa:ss%41' }));
  const url = proxy.url.replace('//', '//us%25er:pa%3Ass%2541@');
  assert.equal((await probe(through(url, start.url(), { tls }))).result, 'success');
  assert.equal(proxy.requests.length, 2);
  assert.equal(server.requests[0]?.headers['proxy-authorization'], undefined);
});

test('proxy: credentials that are not percent-encoded are taken as they are', async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer({ credentials: '100%:5%zz' });
  const url = proxy.url.replace('//', '//100%:5%zz@');
  assert.equal((await probe(through(url, server.url()))).result, 'success');
});

const exceptions: [noProxy: string, isDirect: boolean][] = [
  ['*', true],
  ['127.0.0.1', true],
  ['127.0.0.0/8', true],
  ['127.0.0.1:1', false],
  ['10.0.0.0/8', false],
  ['localhost', false],
];

for (const [entry, isDirect] of exceptions) {
  test(`proxy: no_proxy ${entry} leads to 127.0.0.1 ${isDirect ? 'directly' : 'through it'}`, async () => {
    await using server = await httpServer();
    await using proxy = await proxyServer();
    const settings = { proxy: { http: proxy.url, noProxy: [entry] } };
    assert.equal((await probe(target(server.url(), settings))).result, 'success');
    assert.equal(proxy.requests.length, isDirect ? 0 : 1);
  });
}

for (const secure of [false, true]) {
  test(`proxy: one that speaks TLS itself serves ${secure ? 'https' : 'http'}`, async () => {
    await using stack = new AsyncDisposableStack();
    const { root, server, tls } = stack.use(await secureSite());
    const plain = stack.use(await httpServer());
    const proxy = stack.use(await proxyServer());
    const front = stack.use(await tlsFront(await issue({ by: root, notAfter: daysFromNow(3) }), proxy.port));
    const url = secure ? server.url() : plain.url();
    const result = await probe(through(`https://${front.authority}`, url, { tls }));
    assert.equal(result.result, 'success');
    assert.deepEqual(
      Object.keys(result.phases),
      secure ? ['connect', 'tls', 'wait', 'transfer'] : ['connect', 'wait', 'transfer'],
    );
    const daysLeft = ((result.certificateExpirySeconds ?? Number.NaN) * 1000 - Date.now()) / 86_400_000;
    if (secure) assert.ok(daysLeft > 80, `the expiry of the target, not of the proxy: ${daysLeft} days`);
    else assert.equal(result.certificateExpirySeconds, undefined);
    await until(() => front.openConnections() === 0, 'the connection to the proxy is closed');
  });
}

test("proxy: dns and connect are the proxy's, the target's name is its to look up", async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer();
  await using dns = await dnsServer((query) => {
    const reply = zone({ 'proxy.test': ['127.0.0.1'] })(query);
    return { ...reply, delayMs: 300 };
  });
  const url = `http://localhost:${server.port}/`;
  const settings = { dnsServers: [dns.address] };
  const { result, phases } = await probe(through(`http://proxy.test:${proxy.port}`, url, settings));
  assert.equal(result, 'success');
  assert.ok((phases.dns ?? 0) >= 295, JSON.stringify(phases));
  assert.deepEqual([...new Set(dns.queries.map(({ name }) => name.toLowerCase()))], ['proxy.test']);
});

test('proxy: every hop of a redirect goes through it, over a connection of its own', async () => {
  await using other = await httpServer();
  await using start = await httpServer((_, response) =>
    response.writeHead(302, { location: other.url('/b') }).end(),
  );
  await using proxy = await proxyServer();
  const { result, redirects } = await probe(through(proxy.url, start.url('/a')));
  assert.deepEqual([result, redirects], ['success', 1]);
  assert.deepEqual(
    proxy.requests.map((request) => request.target),
    [start.url('/a'), other.url('/b')],
  );
  assert.equal(proxy.connections(), 2);
});

for (const scheme of ['http', 'https']) {
  test(`proxy: bytes after the response of an ${scheme} proxy to CONNECT belong to the tunnel`, async () => {
    const { certPem: cert, keyPem: key } = await issue();
    const script = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nnot a handshake');
    await using proxy = await rawServer(script, scheme === 'https' ? { tls: { cert, key } } : {});
    const settings = { tls: { insecureSkipVerify: true } };
    const { result, reason } = await probe(through(proxy.url(), 'https://localhost:9/', settings));
    assert.equal(result, 'tls_error');
    assert.match(reason ?? '', /WRONG_VERSION_NUMBER/);
    await until(() => proxy.openConnections() === 0, 'the connection to the proxy is closed');
  });
}
