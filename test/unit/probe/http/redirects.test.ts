import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../../../src/probe/failure.ts';
import type { Hop } from '../../../../src/probe/http/hop.ts';
import { nextHop } from '../../../../src/probe/http/redirects.ts';

function hop(overrides: Partial<Hop> = {}): Hop {
  return { url: new URL('http://a.test/dir/page?q=1'), method: 'GET', origin: 'own', ...overrides };
}

const locations: [location: string, expected: string][] = [
  ['/x', 'http://a.test/x'],
  ['x', 'http://a.test/dir/x'],
  ['?z', 'http://a.test/dir/page?z'],
  ['//b.test/x', 'http://b.test/x'],
  ['https://a.test/', 'https://a.test/'],
  ['/x#part', 'http://a.test/x'],
  ['http://user:word@b.test/', 'http://b.test/'],
  [Buffer.from('/ü', 'utf8').toString('latin1'), 'http://a.test/%C3%BC'],
  ['http://2130706433/', 'http://127.0.0.1/'],
];

for (const [location, expected] of locations) {
  test(`redirect: Location ${JSON.stringify(location)} leads to ${expected}`, () => {
    const next = nextHop(hop(), 302, location);
    assert.ok(!(next instanceof Failure));
    assert.equal(next.url.href, expected);
  });
}

for (const location of [
  undefined,
  '',
  'http://',
  'mailto:a@b.test',
  'javascript:alert(1)',
  'http://[::1',
  'ftp://a.test/',
]) {
  test(`redirect: Location ${JSON.stringify(location)} is a redirect_error`, () => {
    const next = nextHop(hop(), 302, location);
    assert.ok(next instanceof Failure);
    assert.equal(next.result, 'redirect_error');
  });
}

const methods: [status: number, method: string, expected: string, keepsBody: boolean][] = [
  [301, 'POST', 'GET', false],
  [302, 'POST', 'GET', false],
  [303, 'POST', 'GET', false],
  [303, 'PUT', 'GET', false],
  [303, 'GET', 'GET', false],
  [303, 'HEAD', 'HEAD', false],
  [301, 'PUT', 'PUT', true],
  [302, 'HEAD', 'HEAD', true],
  [307, 'POST', 'POST', true],
  [308, 'POST', 'POST', true],
];

for (const [status, method, expected, keepsBody] of methods) {
  test(`redirect: ${method} becomes ${expected} after ${status}, ${keepsBody ? 'with' : 'without'} its body`, () => {
    const next = nextHop(hop({ method, body: 'text' }), status, '/x');
    assert.ok(!(next instanceof Failure));
    assert.equal(next.method, expected);
    assert.equal(next.body, keepsBody ? 'text' : undefined);
  });
}

test('redirect: an origin once left stays left, even where the redirects come back to it', () => {
  const away = nextHop(hop(), 302, 'http://b.test/');
  assert.ok(!(away instanceof Failure));
  assert.equal(away.origin, 'foreign');
  const back = nextHop(away, 302, 'http://a.test/');
  assert.ok(!(back instanceof Failure));
  assert.equal(back.origin, 'foreign');
});

for (const location of ['http://a.test:81/', 'https://a.test/', 'http://b.test/']) {
  test(`redirect: ${location} is another origin, and a body is never sent there`, () => {
    const next = nextHop(hop({ method: 'POST', body: 'secret' }), 307, location);
    assert.ok(next instanceof Failure);
    assert.equal(next.result, 'redirect_error');
  });
}

test('invariant 9, any Location string gives a hop or a redirect_error, never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (location) => {
      const next = nextHop(hop(), 302, location);
      if (next instanceof Failure) assert.equal(next.result, 'redirect_error');
      else assert.match(next.url.protocol, /^https?:$/);
    }),
  );
});
