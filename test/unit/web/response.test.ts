import assert from 'node:assert/strict';
import { get } from 'node:http';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SingleFlight } from '../../../src/metrics/single-flight.ts';
import { compressText } from '../../../src/web/response.ts';
import type { WebOptions } from '../../../src/web/routes.ts';
import { type RunningWeb, responseTo, startWeb } from '../../support/running-web.ts';

const METRICS = 'sample_external_url_up{url="https://httpstat.us/503"} 0\n';
const LONG_METRICS = METRICS.repeat(100);

function running(t: TestContext, options: Partial<WebOptions> = {}): Promise<RunningWeb> {
  return startWeb(t, { scrape: async () => METRICS, ...options });
}

for (const path of ['/metrics', '/metrics/', '/metrics?x=1']) {
  test(`web: ${path} is the exposition with its content type`, async (t) => {
    const { url } = await running(t);
    const response = await fetch(url + path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(await response.text(), METRICS);
  });
}

const encodings: [acceptEncoding: string | undefined, compressed: boolean][] = [
  ['gzip', true],
  ['br, GZIP;q=0.5', true],
  ['*', true],
  [undefined, false],
  ['identity', false],
  ['gzip;q=0', false],
  ['gzip;q=0, *', false],
  ['deflate, br', false],
];

for (const [acceptEncoding, compressed] of encodings) {
  test(`web: accept-encoding ${acceptEncoding} gets ${compressed ? 'gzip' : 'plain text'}`, async (t) => {
    const { url } = await running(t, { scrape: async () => LONG_METRICS });
    const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
    const response = await responseTo(get(`${url}/metrics`, { headers }));
    const body = Buffer.concat(await Array.fromAsync(response));
    assert.equal(response.headers['content-encoding'], compressed ? 'gzip' : undefined);
    assert.equal(response.headers.vary, 'Accept-Encoding');
    assert.equal(Number(response.headers['content-length']), body.length);
    assert.equal((compressed ? gunzipSync(body) : body).toString(), LONG_METRICS);
  });
}

for (const path of ['/metrics', '/-/healthy', '/-/ready', '/', '/config', '/api/v1/targets', '/status.js']) {
  test(`web: HEAD ${path} has the header of GET and no body`, async (t) => {
    const { url } = await running(t);
    const headers = { 'accept-encoding': 'identity' };
    const whole = await fetch(url + path, { headers });
    const head = await fetch(url + path, { method: 'HEAD', headers });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-type'), whole.headers.get('content-type'));
    assert.equal(Number(head.headers.get('content-length')), (await whole.arrayBuffer()).byteLength);
  });
}

const healths: [path: string, options: Partial<WebOptions>, status: number, sentence: RegExp][] = [
  ['/-/healthy', { isHealthy: () => true }, 200, /^Healthy: .*\.\n$/],
  ['/-/healthy', { isHealthy: () => false }, 503, /^Not healthy: .*\.\n$/],
  ['/-/ready', { isReady: () => true }, 200, /^Ready: .*\.\n$/],
  ['/-/ready', { isReady: () => false }, 503, /^Not ready: .*\.\n$/],
];

for (const [path, options, status, sentence] of healths) {
  test(`web: ${path} is ${status} with a plain sentence`, async (t) => {
    const { url } = await running(t, options);
    const response = await fetch(url + path);
    assert.equal(response.status, status);
    assert.match(await response.text(), sentence);
  });
}

test('web: a failed collection is 500 in plain words, and its error is in the log alone', async (t) => {
  const err = new Error('secret detail');
  const { url, log } = await running(t, { scrape: () => Promise.reject(err) });
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.status, 500);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.doesNotMatch(await response.text(), /secret|Error|at /);
  assert.deepEqual(log.lines, [
    { level: 'error', fields: { err, path: '/metrics' }, text: 'a request failed' },
  ]);
});

test('web: concurrent scrapes share one collection, all of them with the whole text', async (t) => {
  const first = Promise.withResolvers<void>();
  let collections = 0;
  const shared = new SingleFlight(async () => {
    collections += 1;
    await first.promise;
    return Buffer.from(LONG_METRICS);
  });
  let asked = 0;
  const { url } = await running(t, {
    scrape: () => {
      asked += 1;
      if (asked === 10) first.resolve();
      return shared.get();
    },
  });
  const texts = await Promise.all(
    Array.from({ length: 10 }, async () => (await fetch(`${url}/metrics`)).text()),
  );
  assert.equal(collections, 1);
  assert.deepEqual([...new Set(texts)], [LONG_METRICS]);
});

test('web: bytes that several clients get are compressed once', async () => {
  const bytes = Buffer.from(LONG_METRICS);
  const [first, second, other] = await Promise.all([
    compressText(bytes),
    compressText(bytes),
    compressText(LONG_METRICS),
  ]);
  assert.ok(first === second);
  assert.equal(String(gunzipSync(first)), LONG_METRICS);
  assert.deepEqual(other, first);
});
