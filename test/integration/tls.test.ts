import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CertificateRequest, issue } from '../support/certificates.ts';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import type { Handler } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { identity, secureSite } from '../support/secure-site.ts';
import { target } from '../support/target.ts';
import { tlsServer } from '../support/tls-server.ts';

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const options = { minVersion: version, maxVersion: version };

  test(`tls: a client certificate is shown to a server that requests one (${version})`, async () => {
    await using there = await secureSite({ ...options, requestCert: true });
    const tls = { ...there.tls, ...(await identity(there)) };
    assert.equal((await probe(target(there.server.url(), { tls }))).result, 'success');
    assert.equal(there.server.handshakes[0]?.clientName, 'Test Client');
    assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'tls_error');
    assert.equal(there.server.requests.length, 1);
  });

  test(`tls: no session is resumed, from probe to probe and from hop to hop (${version})`, async () => {
    const handler: Handler = ({ url }, response) => {
      if (url === '/') response.writeHead(302, { location: '/next' }).end();
      else response.end();
    };
    await using there = await secureSite({ ...options, handler });
    const site = target(there.server.url(), { tls: there.tls });
    for (let round = 0; round < 3; round += 1) assert.equal((await probe(site)).result, 'success');
    assert.deepEqual(
      there.server.handshakes.map(({ resumed }) => resumed),
      [false, false, false, false, false, false],
    );
  });

  test(`tls: a peer that is refused saw not one byte of the request (${version})`, async () => {
    await using there = await secureSite(options);
    const settings = { headers: { 'x-api-key': 'private' }, method: 'POST', body: 'private' };
    assert.equal((await probe(target(there.server.url(), settings))).result, 'tls_certificate');
    assert.equal(there.server.connections(), 1);
    assert.deepEqual([there.server.applicationBytes(), there.server.requests.length], [0, 0]);
  });
}

const names: [host: string, serverName: string | undefined, sent: string | undefined][] = [
  ['localhost', undefined, 'localhost'],
  ['127.0.0.1', undefined, undefined],
  ['[::1]', undefined, undefined],
  ['localhost', 'site.test', 'site.test'],
  ['127.0.0.1', 'site.test', 'site.test'],
  ['[::1]', 'site.test', 'site.test'],
  ['localhost', '127.0.0.1', undefined],
];

for (const [host, serverName, sent] of names) {
  const set = serverName === undefined ? '' : ` with server_name ${serverName}`;

  test(`tls: ${host}${set} sends ${sent ?? 'no'} server name, and checks the certificate for it`, async () => {
    const checked = serverName ?? host.replace(/[[\]]/g, '');
    const isName = /[a-z]/.test(checked);
    const leaf = { names: isName ? [checked] : [], addresses: isName ? [] : [checked] };
    await using there = await secureSite({ leaf, host: host === '[::1]' ? '::1' : '127.0.0.1' });
    const url = `https://${host}:${there.server.port}/`;
    const tls = { ...there.tls, ...(serverName !== undefined && { serverName }) };
    const { result, reason } = await probe(target(url, { tls }));
    assert.equal(result, 'success', reason);
    const [handshake] = there.server.handshakes;
    assert.deepEqual([handshake?.serverName, handshake?.alpn], [sent, 'http/1.1']);
    const other = await probe(target(url, { tls: { ...tls, serverName: 'other.test' } }));
    assert.equal(other.result, 'tls_certificate');
  });
}

const shown: [leaf: CertificateRequest, name: string, isAccepted: boolean][] = [
  [{ names: ['SITE.test'] }, 'site.test', true],
  [{ names: ['site.test'] }, 'site.test.', true],
  [{ names: ['other.test', '*.site.test'] }, 'a.site.test', true],
  [{ names: ['*.site.test'] }, 'site.test', false],
  [{ names: ['*.site.test'] }, 'a.b.site.test', false],
  [{ names: ['w*.site.test'] }, 'www.site.test', false],
  [{ names: ['*.test'] }, 'site.test', false],
  [{ names: [], addresses: [], commonName: 'site.test' }, 'site.test', true],
  [{ names: ['other.test'], addresses: [], commonName: 'site.test' }, 'site.test', false],
  [{ names: [], addresses: ['192.0.2.7'] }, '192.0.2.7', true],
  [{ names: [], addresses: ['2001:db8::7'] }, '2001:db8:0::7', true],
  [{ names: [], addresses: ['192.0.2.7'] }, '192.0.2.8', false],
  [{ names: ['192.0.2.7'], addresses: [], commonName: '192.0.2.7' }, '192.0.2.7', false],
];

for (const [leaf, serverName, isAccepted] of shown) {
  test(`tls: a certificate for ${JSON.stringify(leaf)} is ${isAccepted ? '' : 'not '}one for ${serverName}`, async () => {
    await using there = await secureSite({ leaf });
    const url = `https://127.0.0.1:${there.server.port}/`;
    const { result, reason } = await probe(target(url, { tls: { ...there.tls, serverName } }));
    assert.equal(result, isAccepted ? 'success' : 'tls_certificate');
    assert.equal(
      reason,
      isAccepted ? undefined : 'the certificate is not accepted: ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });
}

test('tls: the dot at the end of a name is not part of the server name (RFC 6066, 3)', async () => {
  await using there = await secureSite({ leaf: { names: ['site.test'] } });
  await using dns = await dnsServer(zone({ 'site.test': ['127.0.0.1'] }));
  const settings = { tls: there.tls, dnsServers: [dns.address] };
  const { result, reason } = await probe(target(`https://site.test.:${there.server.port}/`, settings));
  assert.equal(result, 'success', reason);
  assert.equal(there.server.handshakes[0]?.serverName, 'site.test');
});

test('tls: client certificate and server_name are not for another origin', async () => {
  await using there = await secureSite({ requestCert: true, rejectUnauthorized: false });
  const url = `https://localhost:${there.server.port}/`;
  const handler: Handler = (_, response) => response.writeHead(302, { location: url }).end();
  const { certPem, keyPem } = await issue({ by: there.root, names: ['site.test'] });
  const start = { certPem, keyPem, chainPem: certPem };
  await using server = await tlsServer({ ...there.root, ...start }, handler, {
    requestCert: true,
    ca: there.root.certPem,
  });
  const tls = { ...there.tls, ...(await identity(there)), serverName: 'site.test' };
  const { result, reason } = await probe(target(server.url(), { tls }));
  assert.equal(result, 'success', reason);
  assert.deepEqual(
    [server.handshakes[0]?.serverName, server.handshakes[0]?.clientName],
    ['site.test', 'Test Client'],
  );
  const [foreign] = there.server.handshakes;
  assert.deepEqual([foreign?.serverName, foreign?.clientName], ['localhost', undefined]);
});
