import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { type ConnectionOptions, Connections } from '../../../src/web/connections.ts';
import { type Listening, listen } from '../../support/listen.ts';
import { rawConnection } from '../../support/raw-client.ts';
import { event, until } from '../../support/until.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const NO_LIMITS = { connections: 100, unanswered: 100, unsentBytes: 1e9 };

type LimitedServer = Listening & { readonly responses: readonly ServerResponse[] };

async function limitedServer(
  options: Partial<ConnectionOptions>,
  answer: (response: ServerResponse) => void,
): Promise<LimitedServer> {
  const connections = new Connections({ ...NO_LIMITS, ...options });
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (!connections.admit(request, response)) return;
    responses.push(response);
    answer(response);
  });
  server.prependListener('connection', (socket: Socket) => connections.accept(socket));
  return { ...(await listen(server)), responses };
}

async function askOnce(socket: Socket): Promise<void> {
  socket.write(REQUEST);
  await event(socket, 'data');
}

function ok(response: ServerResponse): void {
  response.end('ok');
}

test('connections: one too many closes the one that has been inactive for the longest', async () => {
  await using server = await limitedServer({ connections: 3 }, ok);
  const [first, second, third] = [
    await rawConnection(server.port),
    await rawConnection(server.port),
    await rawConnection(server.port),
  ];
  await askOnce(first);
  const ended = event(second.resume(), 'close');
  const fourth = await rawConnection(server.port);
  await ended;
  await Promise.all([first, third, fourth].map(askOnce));
});

test('connections: single bytes of a request do not make a connection active', async () => {
  await using server = await limitedServer({ connections: 2 }, ok);
  const slow = await rawConnection(server.port);
  const idle = await rawConnection(server.port);
  slow.write(REQUEST.slice(0, 5));
  await askOnce(idle);
  const ended = event(slow.resume(), 'close');
  await askOnce(await rawConnection(server.port));
  await ended;
  await askOnce(idle);
});

test('connections: a request makes a connection active, waiting for its response does not', async () => {
  await using server = await limitedServer({ connections: 2 }, () => {});
  const asking = await rawConnection(server.port);
  const idle = await rawConnection(server.port);
  asking.write(REQUEST);
  await until(() => server.responses.length === 1, 'the first request is there');
  const idleEnded = event(idle.resume(), 'close');
  const another = await rawConnection(server.port);
  await idleEnded;
  another.write(REQUEST);
  await until(() => server.responses.length === 2, 'the second request is there');
  const askingEnded = event(asking.resume(), 'close');
  const last = await rawConnection(server.port);
  await askingEnded;
  last.write(REQUEST);
  await until(() => server.responses.length === 3, 'the third request is there');
});

test('connections: one with too many unanswered requests is closed, one with a request at a time is not', async () => {
  await using server = await limitedServer({ unanswered: 3 }, ok);
  const patient = await rawConnection(server.port);
  for (let turn = 0; turn < 10; turn += 1) await askOnce(patient);
  const hasty = await rawConnection(server.port);
  hasty.write(REQUEST.repeat(500));
  await event(hasty.resume(), 'close');
  assert.ok(server.responses.length <= 13, `${server.responses.length} requests were let through`);
});

test('connections: if too many bytes are unsent, the oldest connections that do not read are closed', async () => {
  const body = Buffer.alloc(16 * 1024 ** 2);
  await using server = await limitedServer({ unsentBytes: 3.5 * body.length }, (response) =>
    response.end(body),
  );
  const readers: Socket[] = [];
  for (let count = 1; count <= 5; count += 1) {
    const reader = (await rawConnection(server.port)).pause();
    reader.on('error', () => {});
    reader.write(REQUEST);
    readers.push(reader);
    await until(() => server.responses.length === count, `request ${count} is there`);
  }
  await until(() => server.openConnections() <= 3, 'the oldest are closed');
  assert.deepEqual(
    server.responses.map(({ destroyed }) => destroyed),
    [true, true, false, false, false],
  );
});

test('connections: one that is gone is no longer counted, with a response under way or without', async () => {
  await using server = await limitedServer({ connections: 2 }, () => {});
  for (let round = 0; round < 5; round += 1) {
    const socket = await rawConnection(server.port);
    socket.write(REQUEST.repeat(2));
    await until(() => server.responses.length === 2 * (round + 1), 'the requests are there');
    socket.destroy();
    await until(() => server.openConnections() === 0, 'it is gone');
  }
  const [one, two] = [await rawConnection(server.port), await rawConnection(server.port)];
  one.write(REQUEST);
  two.write(REQUEST);
  await until(() => server.responses.length === 12, 'both are let through');
  assert.equal(server.openConnections(), 2);
});
