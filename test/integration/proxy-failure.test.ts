import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blackhole, refusingPort } from '../support/blackhole.ts';
import { issue } from '../support/certificates.ts';
import { httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { type ProxyOptions, proxyServer } from '../support/proxy-server.ts';
import { through } from '../support/target.ts';
import { tlsFront } from '../support/tls-front.ts';
import { until } from '../support/until.ts';

// What hangs takes all of it, and everything else a hundredth.
const HANGS = { timeoutMs: 2000 };

const refusals: [what: string, options: ProxyOptions, schemes: readonly ('http' | 'https')[]][] = [
  ['that requires other credentials (407)', { credentials: 'user:password' }, ['http', 'https']],
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

describe('proxy, hanging', { concurrency: true }, () => {
  for (const scheme of ['http', 'https']) {
    test(`proxy: one that refuses connections is a proxy_error for ${scheme}`, async () => {
      await using proxy = await refusingPort();
      const result = await probe(through(`http://${proxy.authority}`, `${scheme}://127.0.0.1:1/`));
      assert.equal(result.result, 'proxy_error');
      assert.deepEqual(Object.keys(result.phases), ['connect']);
    });

    test(`proxy: one that drops SYNs is a proxy_error at the deadline for ${scheme}`, async () => {
      await using proxy = await blackhole();
      const result = await probeUntilVerdict(
        through(`http://${proxy.authority}`, `${scheme}://127.0.0.1:1/`, HANGS),
      );
      assert.equal(result.result, 'proxy_error');
      assert.deepEqual(Object.keys(result.phases), ['connect']);
      assert.ok((result.responseMs ?? 0) >= HANGS.timeoutMs - 1, `${result.responseMs}`);
    });
  }

  const hangs = [
    { scheme: 'http', expected: 'response_timeout', phase: 'wait' },
    { scheme: 'https', expected: 'connect_timeout', phase: 'connect' },
  ] as const;

  for (const { scheme, expected, phase } of hangs) {
    test(`proxy: one that never answers is a ${expected} for ${scheme}`, async () => {
      await using proxy = await proxyServer({ hang: true });
      const result = await probeUntilVerdict(through(proxy.url, `${scheme}://127.0.0.1:1/`, HANGS));
      assert.equal(result.result, expected);
      assert.ok((result.phases[phase] ?? 0) > HANGS.timeoutMs / 2, JSON.stringify(result.phases));
      await until(() => proxy.openConnections() === 0, 'the connection to the proxy is closed');
    });
  }
});

test('proxy: one whose certificate is not accepted is a proxy_error, and sees no request', async () => {
  await using server = await httpServer();
  await using proxy = await proxyServer({ credentials: 'user:password' });
  await using front = await tlsFront(await issue(), proxy.port);
  const { result } = await probe(through(`https://user:password@${front.authority}`, server.url()));
  assert.equal(result, 'proxy_error');
  assert.equal(proxy.requests.length, 0);
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
