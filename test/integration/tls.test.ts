import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { TlsOptions } from 'node:tls';
import type { TlsSettings, TlsVersion } from '../../src/config/target.ts';
import { probe } from '../../src/probe/probe.ts';
import type { ResultName } from '../../src/probe/result.ts';
import {
  type Certificate,
  type CertificateRequest,
  certificateAuthority,
  issue,
} from '../support/certificates.ts';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { type Handler, ok } from '../support/http-server.ts';
import type { Loopback } from '../support/listen.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type TlsServer, tlsServer } from '../support/tls-server.ts';

type Site = AsyncDisposable & {
  readonly root: Certificate;
  readonly server: TlsServer;
  /** Settings that trust the site's root. */
  readonly tls: { readonly caFile: string };
  file(name: string, content: string): Promise<string>;
};

type SiteOptions = TlsOptions & {
  readonly leaf?: CertificateRequest;
  readonly handler?: Handler;
  readonly host?: Loopback;
};

/** An HTTPS server whose certificate a root of its own has issued; client certificates must be of that root too. */
async function site({ leaf, handler = ok, ...options }: SiteOptions = {}): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder());
  const root = await certificateAuthority();
  const certificate = await issue({ by: root, ...leaf });
  const server = stack.use(await tlsServer(certificate, handler, { ca: root.certPem, ...options }));
  const caFile = await folder.write('ca.pem', root.certPem);
  const kept = stack.move();
  return {
    root,
    server,
    tls: { caFile },
    file: (name, content) => folder.write(name, content),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Files of a client's certificate that the site accepts. */
async function identity({ root, file }: Site, commonName = 'Test Client') {
  const { certPem, keyPem } = await issue({ by: root, commonName });
  return { certFile: await file('cert.pem', certPem), keyFile: await file('key.pem', keyPem) };
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const options = { minVersion: version, maxVersion: version };

  test(`tls: a client certificate is shown to a server that wants one (${version})`, async () => {
    await using there = await site({ ...options, requestCert: true });
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
    await using there = await site({ ...options, handler });
    const wanted = target(there.server.url(), { tls: there.tls });
    for (let round = 0; round < 3; round += 1) assert.equal((await probe(wanted)).result, 'success');
    assert.deepEqual(
      there.server.handshakes.map(({ resumed }) => resumed),
      [false, false, false, false, false, false],
    );
  });

  test(`tls: a peer that is refused saw not one byte of the request (${version})`, async () => {
    await using there = await site(options);
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
    await using there = await site({ leaf, host: host === '[::1]' ? '::1' : '127.0.0.1' });
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

test('tls: the dot at the end of a name is not part of the server name (RFC 6066, 3)', async () => {
  await using there = await site({ leaf: { names: ['site.test'] } });
  await using dns = await dnsServer(zone({ 'site.test': ['127.0.0.1'] }));
  const settings = { tls: there.tls, dnsServers: [dns.address] };
  const { result, reason } = await probe(target(`https://site.test.:${there.server.port}/`, settings));
  assert.equal(result, 'success', reason);
  assert.equal(there.server.handshakes[0]?.serverName, 'site.test');
});

const OLD = { ciphers: 'DEFAULT:@SECLEVEL=0', minVersion: 'TLSv1' } as const;

const versions: [server: TlsOptions, settings: Partial<TlsSettings>, want: TlsVersion | ResultName][] = [
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

for (const [options, settings, want] of versions) {
  const shown = `${JSON.stringify(settings)} at a server with ${JSON.stringify(options)}`;

  test(`tls: ${shown} is ${want}`, async () => {
    await using there = await site(options);
    const { result } = await probe(target(there.server.url(), { tls: { ...there.tls, ...settings } }));
    assert.equal(result === 'success' ? there.server.handshakes[0]?.protocol : result, want);
  });
}

for (const group of ['X25519MLKEM768', 'X25519', 'P-256', 'P-384', 'P-521']) {
  test(`tls: a server that takes the group ${group} alone is reached by default`, async () => {
    await using there = await site({ ecdhCurve: group });
    assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'success');
  });
}

test('tls: curve_preferences are the groups that are offered', async () => {
  await using there = await site({ ecdhCurve: 'P-384' });
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
    await using there = await site({ leaf });
    const skipping = { ...there.tls, insecureSkipVerify: true };
    assert.equal((await probe(target(there.server.url(), { tls: skipping }))).result, 'success');
    assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'tls_certificate');
  });
}

test('tls: insecure_skip_verify takes a certificate of nobody', async () => {
  await using there = await site();
  const tls = { insecureSkipVerify: true };
  assert.equal((await probe(target(there.server.url(), { tls }))).result, 'success');
});

test('tls: an h2-only server is a tls_error', async () => {
  await using there = await site({ ALPNProtocols: ['h2'] });
  assert.equal((await probe(target(there.server.url(), { tls: there.tls }))).result, 'tls_error');
});

/** Probes until a result comes, as files are looked at once a second. */
async function becomes(want: ResultName, wanted: ReturnType<typeof target>): Promise<void> {
  const giveUpAt = performance.now() + 5000;
  let result: ResultName | undefined;
  while (result !== want && performance.now() < giveUpAt) result = (await probe(wanted)).result;
  assert.equal(result, want);
}

test('tls: a CA file that changed on disk counts within moments', async () => {
  await using there = await site();
  const caFile = await there.file('trusted.pem', (await certificateAuthority()).certPem);
  const wanted = target(there.server.url(), { tls: { caFile } });
  assert.equal((await probe(wanted)).result, 'tls_certificate');
  await there.file('trusted.pem', there.root.certPem);
  await becomes('success', wanted);
  await there.file('trusted.pem', (await certificateAuthority()).certPem);
  await becomes('tls_certificate', wanted);
});

test('tls: a client certificate that was renewed on disk counts within moments', async () => {
  await using there = await site({ requestCert: true });
  const tls = { ...there.tls, ...(await identity(there, 'Old Client')) };
  const wanted = target(there.server.url(), { tls });
  assert.equal((await probe(wanted)).result, 'success');
  await identity(there, 'New Client');
  const { handshakes } = there.server;
  const giveUpAt = performance.now() + 5000;
  while (handshakes.at(-1)?.clientName !== 'New Client' && performance.now() < giveUpAt) await probe(wanted);
  assert.equal(handshakes.at(-1)?.clientName, 'New Client');
});

test('tls: a CA file that is missing is a failure of ours, and no verdict', async () => {
  await using there = await site();
  await rm(there.tls.caFile);
  const { result, responseMs, phases } = await probe(target(there.server.url(), { tls: there.tls }));
  assert.deepEqual([result, responseMs, phases], ['internal_error', undefined, {}]);
  assert.equal(there.server.applicationBytes(), 0);
});

test('tls: client certificate and server_name are not for another origin', async () => {
  await using there = await site({ requestCert: true, rejectUnauthorized: false });
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
