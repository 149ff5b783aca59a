import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOf, portOf, schemeOf, usesTls } from '../../../src/target/scheme.ts';

test('scheme: it is found whatever its case, and only where it can be probed', () => {
  assert.equal(schemeOf('HTTPS://a.test/'), 'https:');
  assert.equal(schemeOf('http://a.test/'), 'http:');
  for (const url of ['ftp://a.test/', 'a.test', '', 'toString:']) assert.equal(schemeOf(url), undefined);
});

test('scheme: https means TLS, http does not', () => {
  assert.deepEqual(['HTTPS://a.test/', 'http://a.test/'].map(usesTls), [true, false]);
});

test('host: an IPv6 address comes without its brackets', () => {
  assert.equal(hostOf(new URL('http://[::1]:80/')), '::1');
  assert.equal(hostOf(new URL('http://a.test/')), 'a.test');
});

test('port: it is the one of the scheme unless the URL names another', () => {
  const urls = ['http://a.test/', 'https://a.test/', 'https://a.test:81/'];
  assert.deepEqual(
    urls.map((url) => portOf(new URL(url))),
    [80, 443, 81],
  );
});
