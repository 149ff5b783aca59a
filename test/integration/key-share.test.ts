import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helloRelay } from '../support/client-hello.ts';
import { probe } from '../support/probe.ts';
import { secureSite } from '../support/secure-site.ts';
import { target } from '../support/target.ts';

/** The numbers of the groups (IANA, TLS Supported Groups). */
const [P256, P384, P521, X25519, X448, FFDHE2048, FFDHE3072, HYBRID] = [23, 24, 25, 29, 30, 256, 257, 4588];
const DEFAULT = {
  groups: [HYBRID, X25519, P256, X448, P384, P521, FFDHE2048, FFDHE3072],
  shares: [HYBRID, X25519],
};

/** What three probes in a row offer a server that has these groups; each of them is a success. */
async function hellosTo(groups: string, tls: { readonly curvePreferences?: readonly string[] } = {}) {
  await using site = await secureSite({ ecdhCurve: groups });
  await using relay = await helloRelay(site.server.port);
  for (let count = 0; count < 3; count += 1) {
    const { result, reason } = await probe(
      target(`https://${relay.authority}/`, { tls: { ...site.tls, ...tls } }),
    );
    assert.equal(result, 'success', reason);
  }
  return relay.hellos;
}

for (const [group, share] of [
  ['X25519', X25519],
  ['X25519MLKEM768', HYBRID],
] as const) {
  test(`key share: to a server that takes ${group} the next handshakes bring that share alone, and offer all groups`, async () => {
    const learnt = { ...DEFAULT, shares: [share] };
    assert.deepEqual(await hellosTo(group), [DEFAULT, learnt, learnt]);
  });
}

for (const group of ['P-521', 'X448']) {
  test(`key share: a server that has ${group} alone is offered the default shares each time`, async () => {
    assert.deepEqual(await hellosTo(group), [DEFAULT, DEFAULT, DEFAULT]);
  });
}

test('key share: with curve_preferences nothing is learnt', async () => {
  const own = { groups: [P256, X25519], shares: [P256] };
  assert.deepEqual(await hellosTo('X25519', { curvePreferences: ['P-256', 'X25519'] }), [own, own, own]);
});
