import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { httpServer } from '../../support/http-server.ts';
import { until } from '../../support/until.ts';

test('http server: remembers method, path, headers and body of a request', async () => {
  await using server = await httpServer((request, response) => response.end(`got ${request.body}`));
  const response = await fetch(server.url('/path?a=1'), {
    method: 'POST',
    body: 'text',
    headers: { 'X-A': 'b' },
  });
  assert.equal(await response.text(), 'got text');
  const [request] = server.requests;
  assert.equal(server.requests.length, 1);
  assert.equal(server.connections(), 1);
  assert.equal(request?.method, 'POST');
  assert.equal(request?.url, '/path?a=1');
  assert.equal(request?.headers['x-a'], 'b');
  assert.equal(request?.body, 'text');
});

test('http server: listens on the IPv6 loopback where asked', async () => {
  await using server = await httpServer((_, response) => response.end('six'), '::1');
  assert.match(server.url(), /^http:\/\/\[::1\]:\d+\/$/);
  assert.equal(await (await fetch(server.url())).text(), 'six');
});

test('http server: disposing of it ends connections that wait for an answer', async () => {
  const server = await httpServer(() => {});
  const socket = connect(server.port, '127.0.0.1');
  const closed = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => server.requests.length === 1, 'the request arrived');
  assert.equal(server.openConnections(), 1);
  await server[Symbol.asyncDispose]();
  await closed;
  assert.equal(server.openConnections(), 0);
});
