import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { type Certificate, certificateAuthority, daysFromNow, issue } from '../../support/certificates.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { tlsServer } from '../../support/tls-server.ts';

const root = await certificateAuthority();
const intermediate = await issue({ by: root, isCa: true, commonName: 'Test Intermediate' });

async function verdictOn(certificate: Certificate, options: ConnectionOptions = {}): Promise<string> {
  await using server = await tlsServer(certificate);
  const socket = connect({
    port: server.port,
    host: '127.0.0.1',
    ca: root.certPem,
    rejectUnauthorized: false,
    ...options,
  });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const { authorized, authorizationError } = socket;
  socket.destroy();
  return authorized ? 'accepted' : String(authorizationError);
}

const cases = [
  { name: 'of the root', request: { by: root }, expected: 'accepted' },
  { name: 'of an intermediate that is sent', request: { by: intermediate }, expected: 'accepted' },
  { name: 'that is expired', request: { by: root, notAfter: daysFromNow(-1) }, expected: 'CERT_HAS_EXPIRED' },
  {
    name: 'that is not yet valid',
    request: { by: root, notBefore: daysFromNow(1) },
    expected: 'CERT_NOT_YET_VALID',
  },
  { name: 'signed by itself', request: {}, expected: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  {
    name: 'of another host',
    request: { by: root, names: ['other.test'], addresses: [] },
    expected: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
] as const;

for (const { name, request, expected } of cases) {
  test(`certificates: a client checks one ${name}`, async () => {
    assert.match(await verdictOn(await issue(request)), new RegExp(expected));
  });
}

test('certificates: an unknown root is not trusted', async () => {
  const stranger = await certificateAuthority();
  assert.match(await verdictOn(await issue({ by: stranger })), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
});

test('certificates: the chain holds the intermediate and not the root', async () => {
  const leaf = await issue({ by: intermediate });
  assert.equal(leaf.chainPem, leaf.certPem + intermediate.certPem);
  assert.equal(intermediate.chainPem, intermediate.certPem);
});

test('certificates: names, addresses and validity are those asked for', async () => {
  const notAfter = daysFromNow(3);
  const leaf = await issue({ by: root, names: ['a.test'], addresses: ['192.0.2.7'], notAfter });
  const parsed = new X509Certificate(leaf.certPem);
  assert.equal(parsed.subjectAltName, 'DNS:a.test, IP Address:192.0.2.7');
  assert.equal(parsed.validToDate.getTime(), notAfter.getTime());
});

test('temp folder: writes files and is gone in the end', async () => {
  let path: string;
  {
    await using folder = await tempFolder();
    path = await folder.write('ca.pem', root.certPem);
    assert.equal(await readFile(path, 'utf8'), root.certPem);
  }
  await assert.rejects(readFile(path), { code: 'ENOENT' });
});
