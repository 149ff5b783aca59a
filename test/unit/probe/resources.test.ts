import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/probe/failure.ts';
import { ProbeResources } from '../../../src/probe/resources.ts';
import type { Credentials, TlsSettings } from '../../../src/target/target.ts';
import { target } from '../../support/target.ts';

const CREDENTIALS: Extract<Credentials, { kind: 'oauth2' }> = {
  kind: 'oauth2',
  clientId: 'client',
  clientSecret: { value: 'secret' },
  tokenUrl: 'https://tokens.test/',
  scopes: [],
  endpointParams: {},
  tls: { insecureSkipVerify: true },
};

/** A target whose settings are objects of its own, as after a reload. */
function loaded(url = 'https://a.test/') {
  return structuredClone(target(url, { credentials: CREDENTIALS, addresses: { deny: ['::/0'], allow: [] } }));
}

test('resources: a reload that changes nothing makes no TLS context, deny list or token', () => {
  const resources = new ProbeResources();
  const before = loaded();
  const context = resources.tlsContexts.get(before.tls).own();
  assert.ok(!(context instanceof Failure));
  const denyList = resources.denyLists.get(before.addresses);
  const token = resources.tokens.get(structuredClone(CREDENTIALS));
  const tokenContexts = resources.tlsContexts.get(CREDENTIALS.tls);
  for (let reload = 0; reload < 3; reload += 1) {
    const after = loaded();
    resources.keep([after]);
    assert.equal(resources.tlsContexts.get(after.tls).own(), context);
    assert.equal(resources.denyLists.get(after.addresses), denyList);
    assert.equal(resources.tokens.get(structuredClone(CREDENTIALS)), token);
    assert.equal(resources.tlsContexts.get(structuredClone(CREDENTIALS.tls)), tokenContexts);
  }
});

test('resources: what no target uses is forgotten', () => {
  const resources = new ProbeResources();
  const unused: TlsSettings = { insecureSkipVerify: false, serverName: 'gone.test' };
  const contexts = resources.tlsContexts.get(structuredClone(unused));
  const token = resources.tokens.get(structuredClone(CREDENTIALS));
  resources.keep([target('https://a.test/')]);
  assert.notEqual(resources.tlsContexts.get(structuredClone(unused)), contexts);
  assert.notEqual(resources.tokens.get(structuredClone(CREDENTIALS)), token);
});

test('resources: settings that differ share nothing', () => {
  const { tlsContexts } = new ProbeResources();
  const strict = tlsContexts.get({ insecureSkipVerify: false });
  assert.notEqual(tlsContexts.get({ insecureSkipVerify: false, minVersion: 'TLSv1.3' }), strict);
});
