import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CertificatePaths, parseTrusted } from '../../../../src/probe/connect/certificate-path.ts';
import { certificateAuthority, daysFromNow, issue } from '../../../support/certificates.ts';

const seconds = (date: Date) => date.getTime() / 1000;

test('certificate path: a date that is none is no expiry', async () => {
  const { certPem, notAfter } = await issue();
  const der = new X509Certificate(certPem).raw;
  const written = `${notAfter.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`;
  der.write('991399999999Z', der.indexOf(written), 'latin1');
  const paths = new CertificatePaths(new Map());
  assert.equal(paths.find(new X509Certificate(der), 'localhost', false).expirySeconds, undefined);
});

test('certificate path: it is found once for the same certificates, and again for others', async () => {
  const root = await certificateAuthority();
  const [one, other] = [await issue({ by: root }), await issue({ by: root, notAfter: daysFromNow(5) })];
  const paths = new CertificatePaths(parseTrusted([root.certPem]));
  const first = paths.find(new X509Certificate(one.certPem), 'localhost', true);
  assert.equal(paths.find(new X509Certificate(one.certPem), 'localhost', true), first);
  assert.notEqual(paths.find(new X509Certificate(one.certPem), 'localhost', false), first);
  assert.equal(
    paths.find(new X509Certificate(other.certPem), 'localhost', true).expirySeconds,
    seconds(other.notAfter),
  );
});

test('certificate path: it is found again once one of the certificates has expired', async () => {
  const root = await certificateAuthority();
  const leaf = await issue({ by: root, notAfter: daysFromNow(5) });
  const paths = new CertificatePaths(parseTrusted([root.certPem]));
  const first = paths.find(new X509Certificate(leaf.certPem), 'localhost', true);
  const later = leaf.notAfter.getTime() + 1;
  assert.notEqual(paths.find(new X509Certificate(leaf.certPem), 'localhost', true, later), first);
});

test('certificate path: it is found again once a trusted one in it has expired, though it was not sent', async () => {
  const root = await certificateAuthority();
  const old = await issue({ by: root, isCa: true, commonName: 'Intermediate', notAfter: daysFromNow(5) });
  const renewed = await issue({ by: root, isCa: true, of: old, notAfter: daysFromNow(50) });
  const leaf = await issue({ by: old });
  const paths = new CertificatePaths(parseTrusted([old.certPem, renewed.certPem]));
  const find = (nowMs: number) => paths.find(new X509Certificate(leaf.certPem), 'localhost', true, nowMs);
  assert.equal(find(Date.now()).expirySeconds, seconds(old.notAfter));
  assert.equal(find(old.notAfter.getTime() + 1).expirySeconds, seconds(renewed.notAfter));
});

test('certificate path: it says for each name whether the leaf is for it, and not if it was not verified', async () => {
  const leaf = new X509Certificate((await issue()).certPem);
  const paths = new CertificatePaths(new Map());
  const isFor = (name: string, isVerified: boolean) => paths.find(leaf, name, isVerified).isForName;
  assert.deepEqual(
    [
      isFor('localhost', false),
      isFor('localhost', true),
      isFor('127.0.0.1', true),
      isFor('other.test', true),
    ],
    [false, true, true, false],
  );
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

test('certificate path: it holds none of the certificates, which may be large and new each time', async () => {
  const { certPem } = await issue();
  const paths = new CertificatePaths(new Map());
  const find = () => {
    const leaf = new X509Certificate(certPem);
    return { path: paths.find(leaf, 'localhost', true), leaf: new WeakRef(leaf) };
  };
  const { path, leaf } = find();
  await nextTurn();
  collect();
  assert.equal(leaf.deref(), undefined);
  assert.equal(find().path, path);
});
