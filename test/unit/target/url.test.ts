import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { urlFault, withoutPassword } from '../../../src/target/url.ts';

const NOT_HTTP = 'is not an http or https URL (such as https://example.com/health)';
const USERINFO = 'holds a user name or password (none in a URL; basic_auth of the config file)';
const SPACE = 'holds white space or a control character (such as https://example.com/health)';

const cases: readonly [string, string | undefined][] = [
  ['https://example.com', undefined],
  ['HTTP://EXAMPLE.com:8080/a?b=c#d', undefined],
  ['http://[::1]:9/', undefined],
  ['http://127.1/', undefined],
  ['https://bücher.example/', undefined],
  ['https://example.com/@user', undefined],
  ['', NOT_HTTP],
  ['example.com', NOT_HTTP],
  ['ftp://example.com', NOT_HTTP],
  ['http:example.com', NOT_HTTP],
  ['https://', NOT_HTTP],
  ['https://a b/', SPACE],
  [' https://a/', SPACE],
  ['https://a/\u0000', SPACE],
  ['https://256.1.1.1/', NOT_HTTP],
  ['https://a:99999/', NOT_HTTP],
  ['https://[::1/', NOT_HTTP],
  ['https://user@a/', USERINFO],
  ['https://user:password@a/', USERINFO],
  ['https://@a/', USERINFO],
  ['https://:@a/', USERINFO],
];

for (const [url, fault] of cases) {
  test(`url: ${JSON.stringify(url)} ${fault ?? 'can be probed'}`, () => assert.equal(urlFault(url), fault));
}

test('url: whatever has no fault has an http or https URL with a host and no password', () => {
  const text = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string());
  fc.assert(
    fc.property(text, (candidate) => {
      if (urlFault(candidate) !== undefined) return;
      const url = new URL(candidate);
      assert.match(url.protocol, /^https?:$/);
      assert.notEqual(url.hostname, '');
      assert.equal(url.username + url.password, '');
    }),
  );
});

test('url: a password is never shown, in URLs that do not parse either', () => {
  for (const url of [
    'https://u:hunter2@a/',
    'https://u:hunter2#@a',
    'u:hunter2@a',
    'https://u:hun@ter2@a b',
  ]) {
    assert.doesNotMatch(withoutPassword(url), /hun|ter2/);
  }
});
