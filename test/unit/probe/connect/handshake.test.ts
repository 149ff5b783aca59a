import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { secureWire } from '../../../../src/probe/connect/handshake.ts';
import { Deadline } from '../../../../src/probe/deadline.ts';
import { Failure } from '../../../../src/probe/failure.ts';
import { ProbeResources } from '../../../../src/probe/resources.ts';
import { Timeline } from '../../../../src/probe/timeline.ts';
import { Inlet } from '../../../../src/probe/wire.ts';
import { makeTarget, type TlsSettings } from '../../../../src/target/target.ts';
import { type SecureSite, secureSite } from '../../../support/secure-site.ts';

/** A handshake for a name; `chains` is how often Node made objects of the whole chain, as its check of the name does. */
async function handshakeFor(name: string, site: SecureSite, tls: Partial<TlsSettings>, context: TestContext) {
  const read = context.mock.method(TLSSocket.prototype, 'getPeerCertificate');
  const deadline = new Deadline(60_000);
  const run = {
    settings: makeTarget(site.server.url(), { tls: { insecureSkipVerify: false, ...tls } }),
    resources: new ProbeResources(),
    deadline,
    timeline: new Timeline(),
    findings: {},
  };
  const below = { socket: connect(site.server.port, '127.0.0.1'), inlet: new Inlet() };
  const outcome = await secureWire(below, { name, origin: 'own', server: site.server.authority }, run);
  deadline.stop();
  if (!(outcome instanceof Failure)) outcome.socket.destroy();
  return { outcome, chains: read.mock.callCount() };
}

test("handshake: onConnectSecure of Node skips its check of the name, so certificateFailure's is the only one", async (t) => {
  await using site = await secureSite();
  const { outcome, chains } = await handshakeFor('localhost', site, site.tls, t);
  assert.ok(!(outcome instanceof Failure) && outcome.socket instanceof TLSSocket);
  assert.ok(outcome.socket.authorized);
  assert.equal(chains, 0);
});

test('handshake: without the check of Node, a certificate for another name is still refused', async (t) => {
  await using site = await secureSite();
  const { outcome, chains } = await handshakeFor('another.test', site, site.tls, t);
  assert.ok(outcome instanceof Failure);
  assert.equal(outcome.result, 'tls_certificate');
  assert.match(outcome.reason, /ERR_TLS_CERT_ALTNAME_INVALID/);
  assert.equal(chains, 0);
});

test('handshake: without the check of Node, a certificate that is not trusted is still refused', async (t) => {
  await using site = await secureSite();
  const { outcome } = await handshakeFor('localhost', site, {}, t);
  assert.ok(outcome instanceof Failure);
  assert.equal(outcome.result, 'tls_certificate');
});
