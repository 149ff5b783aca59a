import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../../src/probe/connect/proxy.ts';

const HTTP = 'http://proxy.test:3128';
const HTTPS = 'http://secure-proxy.test:3128';

test('proxy: each scheme has its own', () => {
  const settings = { http: HTTP, https: HTTPS, noProxy: [] };
  assert.equal(proxyFor(new URL('http://a.test/'), settings)?.host, 'proxy.test:3128');
  assert.equal(proxyFor(new URL('https://a.test/'), settings)?.host, 'secure-proxy.test:3128');
  assert.equal(proxyFor(new URL('http://a.test/'), { noProxy: [] }), undefined);
});

const cases: [entry: string, url: string, direct: boolean][] = [
  ['*', 'http://a.test/', true],
  ['a.test', 'http://a.test/', true],
  ['A.Test', 'http://a.test/', true],
  ['a.test', 'http://www.a.test/', true],
  ['a.test', 'http://ba.test/', false],
  ['.a.test', 'http://www.a.test/', true],
  ['.a.test', 'http://a.test/', false],
  ['a.test:80', 'http://a.test/', true],
  ['a.test:8080', 'http://a.test/', false],
  ['a.test:443', 'https://a.test/', true],
  ['10.0.0.1', 'http://10.0.0.1/', true],
  ['10.0.0.1', 'http://10.0.0.2/', false],
  ['10.0.0.1:81', 'http://10.0.0.1:81/', true],
  ['10.0.0.1:81', 'http://10.0.0.1/', false],
  ['10.0.0.0/8', 'http://10.9.9.9/', true],
  ['10.0.0.0/8', 'http://11.0.0.1/', false],
  ['10.0.0.0/8', 'http://a.test/', false],
  ['::1', 'http://[::1]/', true],
  ['[::1]:80', 'http://[::1]/', true],
  ['fd00::/8', 'http://[fd12::1]/', true],
  ['fd00::/8', 'http://10.0.0.1/', false],
  ['', 'http://a.test/', false],
];

for (const [entry, url, direct] of cases) {
  test(`proxy: no_proxy ${JSON.stringify(entry)} ${direct ? 'reaches' : 'does not reach'} ${url} without`, () => {
    const proxy = proxyFor(new URL(url), { http: HTTP, https: HTTP, noProxy: [entry] });
    assert.equal(proxy === undefined, direct);
  });
}
