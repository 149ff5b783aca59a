import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ENDPOINTS } from '../../../src/web/endpoints.ts';
import type { WebDuties } from '../../../src/web/routes.ts';
import { factsOf } from '../../support/facts.ts';
import { runningWeb } from '../../support/running-web.ts';

async function urlOf(t: TestContext, duties: Partial<WebDuties> = {}): Promise<string> {
  return (await runningWeb(t, { reload: async () => [], ...duties })).url;
}

for (const { path, method } of ENDPOINTS) {
  test(`web: ${method} ${path} is answered, by nothing but that method`, async (t) => {
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

test('web: /api/v1/targets is the facts as they were handed over', async (t) => {
  const targets = [factsOf('https://a.test/?x=<y>', {}, { labels: { team: 'ä' } })];
  const response = await fetch(`${await urlOf(t, { targets: () => targets })}/api/v1/targets`);
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.deepEqual(await response.json(), { targets });
});

test('web: /config is the text that was handed over', async (t) => {
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

const reloads: readonly [what: string, reload: WebDuties['reload'], status: number, body: RegExp][] = [
  ['without --web.enable-lifecycle', undefined, 403, /^Reloading over HTTP is off; --web.enable-lifecycle/],
  ['of a config that is right', async () => [], 200, /^Reloaded: /],
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

test('web: POST /-/reload takes an empty body of whatever type, and no other', async (t) => {
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
