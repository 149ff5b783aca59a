import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { TlsOptions } from 'node:tls';
import type { ResultName } from '../../src/probe/result.ts';
import type { TlsSettings, TlsVersion } from '../../src/target/target.ts';
import { type CertificateRequest, certificateAuthority } from '../support/certificates.ts';
import { probe } from '../support/probe.ts';
import { identity, secureSite } from '../support/secure-site.ts';
import { target } from '../support/target.ts';
import { untilAnswer } from '../support/until.ts';

const OLD = { ciphers: 'DEFAULT:@SECLEVEL=0', minVersion: 'TLSv1' } as const;

const versions: [server: TlsOptions, settings: Partial<TlsSettings>, expected: TlsVersion | ResultName][] = [
  [{}, {}, 'TLSv1.3'],
  [{}, { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  [{}, { minVersion: 'TLSv1.3' }, 'TLSv1.3'],
  [{ maxVersion: 'TLSv1.2' }, {}, 'TLSv1.2'],
  [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }, 'tls_error'],
  [{ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }, 'tls_error'],
  [{ ...OLD, maxVersion: 'TLSv1.1' }, {}, 'tls_error'],
  [{ ...OLD, maxVersion: 'TLSv1.1' }, { minVersion: 'TLSv1' }, 'TLSv1.1'],
  [{ ...OLD, maxVersion: 'TLSv1' }, { minVersion: 'TLSv1', maxVersion: 'TLSv1' }, 'TLSv1'],
];

for (const [options, settings, expected] of versions) {
  const shown = `${JSON.stringify(settings)} at a server with ${JSON.stringify(options)}`;

  test(`tls: ${shown} is ${expected}`, async () => {
    await using there = await secureSite(options);
    const { result } = await probe(target(there.server.url(), { tls: { ...there.tls, ...settings } }));
    assert.equal(result === 'success' ? there.server.handshakes[0]?.protocol : result, expected);
  });
}

for (const group of ['X25519MLKEM768', 'X25519', 'P-256', 'P-384', 'P-521']) {
  test(`tls: a server that takes the group ${group} alone is reached by default`, async () => {
    await using there = await secureSite({ ecdhCurve: group });
    assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'success');
  });
}

test('tls: curve_preferences are the groups that are offered', async () => {
  await using there = await secureSite({ ecdhCurve: 'P-384' });
  const probed = async (...curvePreferences: readonly string[]) =>
    (await probe(target(there.server.url(), { tls: { ...there.tls, curvePreferences } }))).result;
  assert.equal(await probed('X25519', 'P-256'), 'tls_error');
  assert.equal(await probed('X25519', 'P-384'), 'success');
});

const BAD: Readonly<Record<string, CertificateRequest>> = {
  expired: { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') },
  'of another host': { names: ['other.test'], addresses: [] },
};

for (const [what, leaf] of Object.entries(BAD)) {
  test(`tls: insecure_skip_verify takes a certificate that is ${what}`, async () => {
    await using there = await secureSite({ leaf });
    const skipping = { ...there.tls, insecureSkipVerify: true };
    assert.equal((await probe(target(there.server.url(), { tls: skipping }))).result, 'success');
    assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'tls_certificate');
  });
}

test('tls: insecure_skip_verify takes a certificate of nobody', async () => {
  await using there = await secureSite();
  const tls = { insecureSkipVerify: true };
  assert.equal((await probe(target(there.server.url(), { tls }))).result, 'success');
});

test('tls: an h2-only server is a tls_error', async () => {
  await using there = await secureSite({ ALPNProtocols: ['h2'] });
  assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'tls_error');
});

/** Probes until a result comes, as files are looked at once a second. */
async function becomes(expected: ResultName, site: ReturnType<typeof target>): Promise<void> {
  await untilAnswer(
    () => probe(site),
    ({ result }) => result === expected,
    `the result is ${expected}`,
  );
}

test('tls: a CA file that changed on disk counts within moments', async () => {
  await using there = await secureSite();
  const caFile = await there.file('trusted.pem', (await certificateAuthority()).certPem);
  const site = target(there.server.url(), { tls: { caFile } });
  assert.equal((await probe(site)).result, 'tls_certificate');
  await there.file('trusted.pem', there.root.certPem);
  await becomes('success', site);
  await there.file('trusted.pem', (await certificateAuthority()).certPem);
  await becomes('tls_certificate', site);
});

test('tls: a client certificate that was renewed on disk counts within moments', async () => {
  await using there = await secureSite({ requestCert: true });
  const tls = { ...there.tls, ...(await identity(there, 'Old Client')) };
  const site = target(there.server.url(), { tls });
  assert.equal((await probe(site)).result, 'success');
  await identity(there, 'New Client');
  const { handshakes } = there.server;
  await untilAnswer(
    () => probe(site),
    () => handshakes.at(-1)?.clientName === 'New Client',
    'the new certificate is shown',
  );
});

test('tls: a CA file that is missing is a failure of ours, and no verdict', async () => {
  await using there = await secureSite();
  await rm(there.tls.caFile);
  const { result, responseMs, phases } = await probe(target(there.server.url(), { tls: there.tls }));
  assert.deepEqual([result, responseMs, phases], ['internal_error', undefined, {}]);
  assert.equal(there.server.applicationBytes(), 0);
});
