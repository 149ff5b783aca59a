import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { CertificatePaths, parseTrusted } from '../../../../src/probe/connect/certificate-path.ts';
import { certificateAuthority, daysFromNow, issue } from '../../../support/certificates.ts';

const seconds = (date: Date) => date.getTime() / 1000;

test('certificate path: a date that is none is no expiry', async () => {
  const { certPem, notAfter } = await issue();
  const der = new X509Certificate(certPem).raw;
  const written = `${notAfter.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`;
  der.write('991399999999Z', der.indexOf(written), 'latin1');
  const paths = new CertificatePaths(new Map());
  assert.equal(paths.find(new X509Certificate(der), false).expirySeconds, undefined);
});

test('certificate path: it is found once for the same certificates, and again for others', async () => {
  const root = await certificateAuthority();
  const [one, other] = [await issue({ by: root }), await issue({ by: root, notAfter: daysFromNow(5) })];
  const paths = new CertificatePaths(parseTrusted([root.certPem]));
  const first = paths.find(new X509Certificate(one.certPem), true);
  assert.equal(paths.find(new X509Certificate(one.certPem), true), first);
  assert.notEqual(paths.find(new X509Certificate(one.certPem), false), first);
  assert.equal(paths.find(new X509Certificate(other.certPem), true).expirySeconds, seconds(other.notAfter));
});

test('certificate path: it is found again once one of the certificates has expired', async () => {
  const root = await certificateAuthority();
  const leaf = await issue({ by: root, notAfter: daysFromNow(5) });
  const paths = new CertificatePaths(parseTrusted([root.certPem]));
  const first = paths.find(new X509Certificate(leaf.certPem), true);
  const later = leaf.notAfter.getTime() + 1;
  assert.notEqual(paths.find(new X509Certificate(leaf.certPem), true, later), first);
});
