import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test from 'node:test';
import { connect as connectTls } from 'node:tls';
import { issue } from '../../support/certificates.ts';
import { drip, flood, forever, rawServer } from '../../support/raw-server.ts';
import { event, until } from '../../support/until.ts';

function ask(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  return socket;
}

async function said(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

test('raw server: says what its script writes once the head has come, and counts heads', async () => {
  await using server = await rawServer((socket, head) => socket.end(`<${head.split('\r\n')[0]}>`));
  assert.equal(await said(ask(server.port)), '<GET / HTTP/1.1>');
  assert.equal(await said(ask(server.port)), '<GET / HTTP/1.1>');
  assert.equal(server.heads.length, 2);
  assert.equal(server.connections(), 2);
});

test('raw server: speaks first where asked', async () => {
  await using server = await rawServer((socket) => socket.end('hello'), { on: 'connection' });
  assert.equal(await said(connect(server.port, '127.0.0.1')), 'hello');
  assert.equal(server.heads.length, 0);
});

test('raw server: speaks TLS with a certificate', async () => {
  const { certPem, keyPem } = await issue();
  await using server = await rawServer((socket) => socket.end('secret'), {
    tls: { cert: certPem, key: keyPem },
  });
  const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: certPem });
  socket.write('GET / HTTP/1.1\r\n\r\n');
  assert.equal(await said(socket), 'secret');
  assert.equal(server.heads.length, 1);
});

test('raw server: resets a connection', async () => {
  await using server = await rawServer((socket) => socket.resetAndDestroy());
  const [error] = await event(ask(server.port), 'error');
  assert.ok(error instanceof Error && 'code' in error);
  assert.equal(error.code, 'ECONNRESET');
});

test('raw server: drips a text one character at a time', async () => {
  await using server = await rawServer((socket) => drip(socket, 'slow', 5));
  const socket = ask(server.port);
  const pieces: string[] = [];
  socket.on('data', (chunk) => pieces.push(chunk.toString()));
  await until(() => pieces.join('') === 'slow', 'all characters arrived');
  assert.ok(pieces.length > 1, `came in ${pieces.length} piece`);
  socket.destroy();
});

test('raw server: floods until the client has enough', async () => {
  await using server = await rawServer((socket) => flood(socket, forever(Buffer.alloc(65_536))));
  const socket = ask(server.port);
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > 10_000_000) socket.destroy();
  });
  await once(socket, 'close');
  assert.ok(bytes > 10_000_000);
  await until(() => server.openConnections() === 0, 'the server saw the end');
});
