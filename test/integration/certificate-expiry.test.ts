import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultName } from '../../src/probe/result.ts';
import {
  type Certificate,
  type CertificateRequest,
  certificateAuthority,
  daysFromNow,
  issue,
} from '../support/certificates.ts';
import { httpServer } from '../support/http-server.ts';
import { probe } from '../support/probe.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tlsServer } from '../support/tls-server.ts';

/** Ends of validity, in days from now. */
type Days = { readonly root?: number; readonly intermediate?: number; readonly leaf: number };

async function chainOf({ root = 365, intermediate, leaf }: Days, request: CertificateRequest = {}) {
  const top = await certificateAuthority({ notAfter: daysFromNow(root) });
  const issuer =
    intermediate === undefined
      ? top
      : await issue({ by: top, isCa: true, commonName: 'Intermediate', notAfter: daysFromNow(intermediate) });
  return { root: top, leaf: await issue({ by: issuer, notAfter: daysFromNow(leaf), ...request }) };
}

/** What a probe finds at a server with this certificate, in whole days from now. */
async function found(served: Certificate, trusted: Certificate, path = '/') {
  await using folder = await tempFolder();
  await using server = await tlsServer(served);
  const caFile = await folder.write('ca.pem', trusted.certPem);
  const { result, certificateExpirySeconds } = await probe(target(server.url(path), { tls: { caFile } }));
  return { result, days: daysUntil(certificateExpirySeconds) };
}

function daysUntil(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round((seconds * 1000 - Date.now()) / 86_400_000);
}

const chains: [days: Days, expected: number][] = [
  [{ leaf: 30 }, 30],
  [{ leaf: 30, intermediate: 60 }, 30],
  [{ leaf: 30, intermediate: 20 }, 20],
  [{ leaf: 30, intermediate: 20, root: 10 }, 20],
  [{ leaf: 30, root: 10 }, 30],
];

for (const [days, expected] of chains) {
  test(`certificate expiry: of ${JSON.stringify(days)} it is ${expected}: the earliest, the root apart`, async () => {
    const { root, leaf } = await chainOf(days);
    assert.deepEqual(await found(leaf, root), { result: 'success', days: expected });
  });
}

test('certificate expiry: the root does not count even if it is sent', async () => {
  const { root, leaf } = await chainOf({ leaf: 30, root: 10 });
  const sent = { ...leaf, chainPem: leaf.chainPem + root.certPem };
  assert.deepEqual(await found(sent, root), { result: 'success', days: 30 });
});

test('certificate expiry: a certificate that is sent but not used does not count', async () => {
  const { root, leaf } = await chainOf({ leaf: 30, intermediate: 60 });
  const unused = await issue({ by: root, isCa: true, commonName: 'Unused', notAfter: daysFromNow(5) });
  const sent = { ...leaf, chainPem: leaf.chainPem + unused.certPem };
  assert.deepEqual(await found(sent, root), { result: 'success', days: 30 });
});

for (const end of [20, 60]) {
  test(`certificate expiry: an intermediate of ${end} days that is trusted and not sent counts`, async () => {
    const root = await certificateAuthority({ notAfter: daysFromNow(10) });
    const between = await issue({
      by: root,
      isCa: true,
      commonName: 'Intermediate',
      notAfter: daysFromNow(end),
    });
    const leaf = await issue({ by: between, notAfter: daysFromNow(30) });
    const trusted = {
      ...root,
      certPem: `A root,\n${root.certPem}and what it has issued:\n${between.certPem}`,
    };
    const outcome = await found({ ...leaf, chainPem: leaf.certPem }, trusted);
    assert.deepEqual(outcome, { result: 'success', days: Math.min(end, 30) });
  });
}

for (const days of [-5, 10]) {
  test(`certificate expiry: a copy of a trusted root that another root signed, and that ends in ${days} days, does not count`, async () => {
    const [old, root] = [await certificateAuthority(), await certificateAuthority()];
    const copy = await issue({ of: root, by: old, isCa: true, notAfter: daysFromNow(days) });
    const between = await issue({ by: root, isCa: true, commonName: 'Between', notAfter: daysFromNow(60) });
    const leaf = await issue({ by: between, notAfter: daysFromNow(30) });
    const sent = { ...leaf, chainPem: leaf.chainPem + copy.certPem };
    assert.deepEqual(await found(sent, root), { result: 'success', days: 30 });
  });
}

test('certificate expiry: of two intermediates with one name and key the one that has expired does not count', async () => {
  const root = await certificateAuthority();
  const good = await issue({ by: root, isCa: true, commonName: 'Between', notAfter: daysFromNow(60) });
  const expired = await issue({ by: root, of: good, isCa: true, notAfter: daysFromNow(-1) });
  const leaf = await issue({ by: good, notAfter: daysFromNow(30) });
  const sent = { ...leaf, chainPem: leaf.certPem + expired.certPem + good.certPem };
  assert.deepEqual(await found(sent, root), { result: 'success', days: 30 });
});

test('certificate expiry: an intermediate, or the leaf itself, is trusted where it is in ca_file, and counts', async () => {
  const root = await certificateAuthority();
  const between = await issue({ by: root, isCa: true, commonName: 'Between', notAfter: daysFromNow(20) });
  const leaf = await issue({ by: between, notAfter: daysFromNow(30) });
  assert.deepEqual(await found(leaf, between), { result: 'success', days: 20 });
  const alone = { ...leaf, chainPem: leaf.certPem };
  assert.deepEqual(await found(alone, leaf), { result: 'success', days: 30 });
});

const refused: [what: string, days: Days, request: CertificateRequest, expected: number][] = [
  ['expired', { leaf: -3 }, {}, -3],
  ['of another host', { leaf: 30 }, { names: ['other.test'], addresses: [] }, 30],
  ['not yet valid', { leaf: 30 }, { notBefore: daysFromNow(2) }, 30],
  ['of an intermediate that has expired', { leaf: 30, intermediate: -2 }, {}, -2],
];

for (const [what, days, request, expected] of refused) {
  test(`certificate expiry: it is known where the certificate is ${what}`, async () => {
    const { root, leaf } = await chainOf(days, request);
    assert.deepEqual(await found(leaf, root), { result: 'tls_certificate', days: expected });
  });
}

test('certificate expiry: it is known where the root is not trusted', async () => {
  const { leaf } = await chainOf({ leaf: 30, intermediate: 20 });
  const stranger = await certificateAuthority();
  assert.deepEqual(await found(leaf, stranger), { result: 'tls_certificate', days: 20 });
});

test('certificate expiry: it is known where the certificate is signed by itself', async () => {
  const served = await issue({ notAfter: daysFromNow(7) });
  assert.deepEqual(await found(served, await certificateAuthority()), { result: 'tls_certificate', days: 7 });
});

test('certificate expiry: a leaf that is trusted itself counts', async () => {
  const served = await issue({ notAfter: daysFromNow(7) });
  const { days, result } = await found(served, served);
  assert.deepEqual<[ResultName, number | undefined]>([result, days], ['success', 7]);
});

test('certificate expiry: of several hops it is the earliest, and http has none', async () => {
  await using folder = await tempFolder();
  const { root, leaf } = await chainOf({ leaf: 30 });
  const soon = await issue({ by: root, notAfter: daysFromNow(9) });
  await using last = await httpServer();
  await using second = await tlsServer(leaf, (_, response) =>
    response.writeHead(302, { location: last.url() }).end(),
  );
  await using first = await tlsServer(soon, (_, response) =>
    response.writeHead(302, { location: second.url() }).end(),
  );
  const tls = { caFile: await folder.write('ca.pem', root.certPem) };
  const result = await probe(target(first.url(), { tls }));
  assert.deepEqual([result.result, daysUntil(result.certificateExpirySeconds)], ['success', 9]);
  assert.equal((await probe(target(last.url()))).certificateExpirySeconds, undefined);
});
