import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ENDPOINTS } from '../../../src/web/endpoints.ts';
import type { WebOptions } from '../../../src/web/routes.ts';
import { factsOf } from '../../support/facts.ts';
import { rawConnection } from '../../support/raw-client.ts';
import { startWeb } from '../../support/running-web.ts';
import { event } from '../../support/until.ts';

async function urlOf(t: TestContext, options: Partial<WebOptions> = {}): Promise<string> {
  return (await startWeb(t, { reload: async () => [], ...options })).url;
}

for (const { path, method } of ENDPOINTS) {
  test(`web: ${method} ${path} is served, with no other method`, async (t) => {
    const url = await urlOf(t);
    assert.equal((await fetch(url + path, { method })).status, 200);
    const other = await fetch(url + path, { method: method === 'POST' ? 'GET' : 'POST' });
    assert.equal(other.status, 405);
    assert.equal(other.headers.get('allow'), method === 'POST' ? 'POST' : 'GET, HEAD');
  });
}

test('web: /metrics is 404 where metrics are only pushed', async (t) => {
  const url = await urlOf(t, { scrape: undefined });
  for (const path of ['/metrics', '/metrics/']) assert.equal((await fetch(url + path)).status, 404);
});

test('web: /api/v1/targets is the facts as they are', async (t) => {
  const targets = [factsOf('https://a.test/?x=<y>', {}, { labels: { team: 'ä' } })];
  const response = await fetch(`${await urlOf(t, { targets: () => targets })}/api/v1/targets`);
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.deepEqual(await response.json(), { targets });
});

test('web: /config is the text as it is', async (t) => {
  const response = await fetch(`${await urlOf(t, { config: () => 'interval: 10s\n' })}/config`);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(await response.text(), 'interval: 10s\n');
});

test('web: the status page has a strict policy and is not kept by caches', async (t) => {
  const { headers } = await fetch(await urlOf(t));
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(headers.get('cache-control'), 'no-store');
});

const reloads: readonly [what: string, reload: WebOptions['reload'], status: number, body: RegExp][] = [
  ['without --web.enable-lifecycle', undefined, 403, /^Reloading over HTTP is off; --web.enable-lifecycle/],
  ['of a valid config', async () => [], 200, /^Reloaded: /],
  [
    'of a config with faults',
    async () => ['a.yml:1:1: wrong', 'a.yml:2:1: wrong too'],
    500,
    /:\na.yml:1:1: wrong\na.yml:2:1: wrong too\n$/,
  ],
];
for (const [what, reload, status, body] of reloads) {
  test(`web: POST /-/reload ${what} is ${status}`, async (t) => {
    const response = await fetch(`${await urlOf(t, { reload })}/-/reload`, { method: 'POST' });
    assert.equal(response.status, status);
    assert.match(await response.text(), body);
  });
}

test('web: POST /-/reload accepts an empty body of any type, and no other', async (t) => {
  const url = `${await urlOf(t)}/-/reload`;
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/odd']) {
    const headers = { 'content-type': type };
    assert.equal((await fetch(url, { method: 'POST', headers, body: '' })).status, 200);
    assert.equal((await fetch(url, { method: 'POST', headers, body: '{}' })).status, 413);
  }
});

test('web: POST /-/reload is not for pages of other sites', async (t) => {
  let reloads = 0;
  const reload = () => {
    reloads += 1;
    return Promise.resolve([]);
  };
  const url = `${await urlOf(t, { reload })}/-/reload`;
  const response = await fetch(url, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
  assert.equal(response.status, 403);
  assert.equal(reloads, 0);
});

const COSTLY = 100;

for (const path of ['/', '/api/v1/targets', '/config']) {
  test(`web: a scrape does not wait for ${COSTLY} requests for ${path}, and clients that left get no response`, async (t) => {
    let made = 0;
    const count = <T>(value: T) => {
      made += 1;
      return value;
    };
    const targets = Array.from({ length: 200 }, () => factsOf('https://a.test/'));
    const { port } = await startWeb(t, {
      targets: () => count(targets),
      config: () => count('a: b\n'.repeat(10_000)),
    });
    const sockets = await Promise.all(Array.from({ length: COSTLY }, () => rawConnection(port)));
    const scraper = await rawConnection(port);
    const header = 'HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n';
    for (const socket of sockets) socket.write(`GET ${path} ${header}`);
    scraper.write(`GET /metrics ${header}`);
    await event(scraper, 'data');
    assert.ok(made < COSTLY, `${made} of ${COSTLY} were made before the scrape`);
    for (const socket of sockets) socket.destroy();
    assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200);
    assert.ok(made < COSTLY, `${made} were made`);
  });
}
