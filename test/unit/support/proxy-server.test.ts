import assert from 'node:assert/strict';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import test from 'node:test';
import { httpServer } from '../../support/http-server.ts';
import { type ProxyServer, proxyServer } from '../../support/proxy-server.ts';
import { event, until } from '../../support/until.ts';

function connectThrough(proxy: ProxyServer, path: string, headers = {}): Promise<[number, Socket]> {
  const asked = request(proxy.url, { method: 'CONNECT', path, headers, agent: false }).end();
  return new Promise((resolve) => {
    asked.once('connect', ({ statusCode = 0 }, socket) => resolve([statusCode, socket]));
  });
}

function statusOf(url: string, options: RequestOptions): Promise<number> {
  const asked = request(url, { agent: false, ...options }).end();
  return new Promise((resolve, reject) => {
    asked.once('error', reject);
    asked.once('response', (response: IncomingMessage) => resolve(response.resume().statusCode ?? 0));
  });
}

test('proxy server: carries a tunnel to the target', async () => {
  await using target = await httpServer();
  await using proxy = await proxyServer();
  const [status, socket] = await connectThrough(proxy, target.authority);
  assert.equal(status, 200);
  socket.write('GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += chunk;
  assert.match(text, /^HTTP\/1\.1 200 OK/);
  assert.equal(target.requests.length, 1);
  assert.deepEqual(
    proxy.requests.map(({ method, target }) => ({ method, target })),
    [{ method: 'CONNECT', target: target.authority }],
  );
});

test('proxy server: carries a request with a whole URL', async () => {
  await using target = await httpServer((_, response) => response.writeHead(203).end());
  await using proxy = await proxyServer();
  assert.equal(await statusOf(proxy.url, { path: target.url('/y') }), 203);
  assert.equal(proxy.requests[0]?.target, target.url('/y'));
  assert.equal(target.requests[0]?.url, '/y');
});

test('proxy server: requires credentials, for a tunnel too', async () => {
  await using target = await httpServer();
  await using proxy = await proxyServer({ credentials: 'user:word' });
  const headers = { 'proxy-authorization': `Basic ${btoa('user:word')}` };
  assert.equal(await statusOf(proxy.url, { path: target.url() }), 407);
  assert.equal(await statusOf(proxy.url, { path: target.url(), headers }), 200);
  assert.equal((await connectThrough(proxy, target.authority))[0], 407);
  assert.equal((await connectThrough(proxy, target.authority, headers))[0], 200);
  assert.equal(target.requests.length, 1);
});

test('proxy server: refuses with a status', async () => {
  await using proxy = await proxyServer({ refuseWith: 503 });
  assert.equal((await connectThrough(proxy, 'a.test:443'))[0], 503);
  assert.equal(await statusOf(proxy.url, { path: 'http://a.test/' }), 503);
});

test('proxy server: hangs', async () => {
  await using proxy = await proxyServer({ hang: true });
  const asked = request(proxy.url, { method: 'CONNECT', path: 'a.test:443', agent: false }).end();
  await until(() => proxy.requests.length === 1, 'the request arrived');
  const failed = event(asked, 'error');
  asked.destroy();
  await failed;
});
