import assert from 'node:assert/strict';
import { request } from 'node:https';
import test from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { certificateAuthority, issue } from '../../support/certificates.ts';
import { tlsServer } from '../../support/tls-server.ts';
import { event, until } from '../../support/until.ts';

const root = await certificateAuthority();
const certificate = await issue({ by: root });

async function shaken(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca: root.certPem, ...options });
  await event(socket, 'secureConnect');
  return socket;
}

test('tls server: answers requests over TLS', async () => {
  await using server = await tlsServer(certificate);
  const asked = request(server.url('/a'), { ca: root.certPem, agent: false }).end();
  await event(asked, 'response');
  assert.deepEqual(
    server.requests.map(({ url }) => url),
    ['/a'],
  );
  assert.ok(server.applicationBytes() > 0);
  asked.destroy();
});

test('tls server: remembers SNI, ALPN, protocol and client certificate, and that no byte came', async () => {
  await using server = await tlsServer(certificate, undefined, {
    requestCert: true,
    ca: root.certPem,
    maxVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
  });
  const client = await issue({ by: root, commonName: 'some client' });
  const socket = await shaken(server.port, {
    servername: 'localhost',
    ALPNProtocols: ['http/1.1'],
    cert: client.certPem,
    key: client.keyPem,
  });
  await until(() => server.handshakes.length === 1, 'the handshake is done');
  assert.deepEqual(server.handshakes, [
    {
      serverName: 'localhost',
      alpn: 'http/1.1',
      resumed: false,
      protocol: 'TLSv1.2',
      clientName: 'some client',
    },
  ]);
  assert.equal(server.applicationBytes(), 0);
  socket.destroy();
});

test('tls server: distinguishes a resumed session from a new one', async () => {
  await using server = await tlsServer(certificate, undefined, { maxVersion: 'TLSv1.2' });
  const first = await shaken(server.port);
  const session = first.getSession();
  assert.ok(session !== undefined);
  const second = await shaken(server.port, { session });
  await until(() => server.handshakes.length === 2, 'both handshakes are done');
  assert.deepEqual(
    server.handshakes.map(({ resumed, serverName }) => ({ resumed, serverName })),
    [
      { resumed: false, serverName: undefined },
      { resumed: true, serverName: undefined },
    ],
  );
  for (const socket of [first, second]) socket.destroy();
});

test('tls server: takes an old version alone', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await using server = await tlsServer(certificate, undefined, old);
  const refused = connect({ port: server.port, host: '127.0.0.1', ca: root.certPem });
  await event(refused, 'error');
  const taken = await shaken(server.port, old);
  assert.equal(taken.getProtocol(), 'TLSv1.1');
  assert.equal(server.handshakeErrors.length, 1);
  taken.destroy();
});

test('tls server: offers the groups it is given and no others', async () => {
  await using server = await tlsServer(certificate, undefined, { ecdhCurve: 'P-384' });
  const refused = connect({ port: server.port, host: '127.0.0.1', ca: root.certPem, ecdhCurve: 'X25519' });
  await event(refused, 'error');
  const taken = await shaken(server.port, { ecdhCurve: 'X25519:P-384' });
  taken.destroy();
});
