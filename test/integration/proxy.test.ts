import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe } from '../../src/probe/probe.ts';
import { blackhole, refusingPort } from '../support/blackhole.ts';
import { type Certificate, certificateAuthority, daysFromNow, issue } from '../support/certificates.ts';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { type ProxyOptions, proxyServer } from '../support/proxy-server.ts';
import { type Overrides, target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tlsFront } from '../support/tls-front.ts';
import { tlsServer } from '../support/tls-server.ts';
import { until } from '../support/until.ts';

/** A target that goes through one proxy, whatever the scheme. */
function through(proxy: string, url: string, overrides: Overrides = {}) {
  return target(url, { proxy: { http: proxy, https: proxy, noProxy: [] }, ...overrides });
}

async function trusted(stack: AsyncDisposableStack, root: Certificate): Promise<{ caFile: string }> {
  return { caFile: await stack.use(await tempFolder()).write('ca.pem', root.certPem) };
}

async function secureSite(stack: AsyncDisposableStack) {
  const root = await certificateAuthority();
  const server = stack.use(await tlsServer(await issue({ by: root })));
  return { root, server, tls: await trusted(stack, root) };
}

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
  const { server, tls } = await secureSite(stack);
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
  const { server, tls } = await secureSite(stack);
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

const refusals: [what: string, options: ProxyOptions, schemes: readonly ('http' | 'https')[]][] = [
  ['that wants other credentials (407)', { credentials: 'user:password' }, ['http', 'https']],
  ['that refuses CONNECT with 403', { refuseWith: 403 }, ['https']],
  ['that answers CONNECT with 502', { refuseWith: 502 }, ['https']],
  ['that answers CONNECT with a redirect', { refuseWith: 302 }, ['https']],
];

for (const [what, options, schemes] of refusals) {
  for (const scheme of schemes) {
    test(`proxy: one ${what} is a proxy_error for ${scheme}`, async () => {
      await using server = await httpServer();
      await using proxy = await proxyServer(options);
      const result = await probe(through(proxy.url, `${scheme}://${server.authority}/`));
      assert.equal(result.result, 'proxy_error');
      assert.equal(result.statusCode, undefined);
      assert.equal(proxy.requests.length, 1);
      assert.equal(server.connections(), 0);
    });
  }
}

for (const scheme of ['http', 'https']) {
  test(`proxy: one that refuses connections is a proxy_error for ${scheme}`, async () => {
    await using proxy = await refusingPort();
    const result = await probe(through(`http://${proxy.authority}`, `${scheme}://127.0.0.1:1/`));
    assert.equal(result.result, 'proxy_error');
    assert.deepEqual(Object.keys(result.phases), ['connect']);
  });

  test(`proxy: one that drops SYNs is a proxy_error at the deadline for ${scheme}`, async () => {
    await using proxy = await blackhole();
    const settings = { timeoutMs: 300 };
    const result = await probe(through(`http://${proxy.authority}`, `${scheme}://127.0.0.1:1/`, settings));
    assert.equal(result.result, 'proxy_error');
    assert.deepEqual(Object.keys(result.phases), ['connect']);
    assert.ok((result.responseMs ?? 0) >= 299, `${result.responseMs}`);
  });
}

const hangs = [
  { scheme: 'http', want: 'response_timeout', phase: 'wait' },
  { scheme: 'https', want: 'connect_timeout', phase: 'connect' },
] as const;

for (const { scheme, want, phase } of hangs) {
  test(`proxy: one that never answers is a ${want} for ${scheme}`, async () => {
    await using proxy = await proxyServer({ hang: true });
    const result = await probe(through(proxy.url, `${scheme}://127.0.0.1:1/`, { timeoutMs: 300 }));
    assert.equal(result.result, want);
    assert.ok((result.phases[phase] ?? 0) > 200, JSON.stringify(result.phases));
    assert.equal(proxy.requests.length, 1);
    await until(() => proxy.openConnections() === 0, 'the connection to the proxy is closed');
  });
}

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
    const { root, server, tls } = await secureSite(stack);
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

test('proxy: one whose certificate is not accepted is a proxy_error, and sees no request', async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer({ credentials: 'user:password' });
  await using front = await tlsFront(await issue(), proxy.port);
  const { result } = await probe(through(`https://user:password@${front.authority}`, server.url()));
  assert.equal(result, 'proxy_error');
  assert.equal(proxy.requests.length, 0);
});

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

const DENIED = 'http://169.254.169.254/latest/';

for (const url of [DENIED, 'https://[::ffff:a9fe:a9fe]/', 'http://2852039166/']) {
  test(`proxy: ${url}, an address that is denied, is not asked for through it either`, async () => {
    await using proxy = await proxyServer();
    assert.equal((await probe(through(proxy.url, url))).result, 'blocked_address');
    assert.equal(proxy.connections(), 0);
  });
}

test('proxy: a redirect to an address that is denied is not followed through it either', async () => {
  await using start = await httpServer((_, response) => response.writeHead(302, { location: DENIED }).end());
  await using proxy = await proxyServer();
  assert.equal((await probe(through(proxy.url, start.url()))).result, 'blocked_address');
  assert.equal(proxy.requests.length, 1);
});

test("proxy: its own address is the operator's choice, and not under the policy", async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer();
  const settings = { addresses: { deny: ['127.0.0.0/8'], allow: [] } };
  const { result } = await probe(through(proxy.url, `http://localhost:${server.port}/`, settings));
  assert.equal(result, 'success');
});
