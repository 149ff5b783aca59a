import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failureOf, type Step } from '../../../src/probe/failure.ts';
import { RESULTS, type ResultName } from '../../../src/probe/result.ts';

const STEPS: readonly Step[] = ['dns', 'connect', 'tls', 'exchange'];

function errorWith(code: string | undefined, message = 'it broke'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

const cases: [code: string, step: Step, expected: ResultName][] = [
  ['ENOTFOUND', 'dns', 'dns_error'],
  ['ENODATA', 'dns', 'dns_error'],
  ['ESERVFAIL', 'dns', 'dns_error'],
  ['ECONNREFUSED', 'dns', 'dns_error'],
  ['ETIMEOUT', 'dns', 'dns_timeout'],
  ['ECONNREFUSED', 'connect', 'connect_refused'],
  ['ETIMEDOUT', 'connect', 'connect_timeout'],
  ['EHOSTUNREACH', 'connect', 'connect_error'],
  ['ENETUNREACH', 'connect', 'connect_error'],
  ['ECONNRESET', 'connect', 'connect_error'],
  ['ECONNRESET', 'tls', 'tls_error'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'tls_error'],
  ['EPROTO', 'tls', 'tls_error'],
  ['ECONNRESET', 'exchange', 'connection_closed'],
  ['EPIPE', 'exchange', 'connection_closed'],
  ['HPE_INVALID_EOF_STATE', 'exchange', 'connection_closed'],
  ['HPE_INVALID_CONSTANT', 'exchange', 'protocol_error'],
  ['HPE_HEADER_OVERFLOW', 'exchange', 'protocol_error'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'exchange', 'tls_error'],
];

for (const [code, step, expected] of cases) {
  test(`failure: ${code} during ${step} is ${expected}`, () => {
    assert.equal(failureOf(errorWith(code), step).result, expected);
  });
}

for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']) {
  test(`failure: ${code}, a shortage of our own, is never the target's fault`, () => {
    for (const step of STEPS) assert.equal(failureOf(errorWith(code), step).result, 'internal_error');
  });
}

test('failure: an error without a code is a bug of ours', () => {
  assert.equal(failureOf(new TypeError('x is not a function'), 'exchange').result, 'internal_error');
});

test('failure: the reason names the code once', () => {
  assert.equal(failureOf(errorWith('EPIPE', 'write EPIPE'), 'exchange').reason, 'write EPIPE');
  assert.equal(failureOf(errorWith('EPIPE', 'write failed'), 'exchange').reason, 'write failed (EPIPE)');
});

test('invariant 6, the mapping is total: any code in any step gives a result of the list', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...STEPS), (code, step) => {
      assert.ok(failureOf(errorWith(code), step).result in RESULTS);
    }),
  );
});
