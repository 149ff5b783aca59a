import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDemo } from '../../src/demo.ts';

const cases: [path: string, status: number, body: RegExp][] = [
  ['/200', 200, /^200 OK\n$/],
  ['/503', 503, /^503 Service Unavailable\n$/],
  ['/404/', 404, /^404 Not Found\n$/],
  ['/599', 599, /^599 Unknown Code\n$/],
  ['/204', 204, /^$/],
  ['/304', 304, /^$/],
  ['/301', 301, /^301 Moved Permanently\n$/],
  ['/200?sleep=1', 200, /^200 OK\n$/],
  ['/199', 404, /^404 Not Found\. Try \/CODE/],
  ['/600', 404, /Try \/CODE/],
  ['/', 404, /Try \/CODE/],
  ['/2000', 404, /Try \/CODE/],
  ['/200?sleep=60001', 400, /^400 Bad Request\. Try \/CODE.*60000/],
  ['/200?sleep=-1', 400, /Try \/CODE/],
  ['/200?sleep=soon', 400, /Try \/CODE/],
  ['/200?sleep=', 400, /Try \/CODE/],
];

for (const [path, status, body] of cases) {
  test(`demo: ${path} answers ${status}`, async (t) => {
    const demo = await startDemo();
    t.after(demo.stop);
    const response = await fetch(demo.url + path, { redirect: 'manual' });
    assert.equal(response.status, status);
    assert.match(await response.text(), body);
  });
}

test('demo: a redirect leads to 200', async (t) => {
  const demo = await startDemo();
  t.after(demo.stop);
  const response = await fetch(`${demo.url}/302`);
  assert.equal(response.url, `${demo.url}/200`);
});

test('demo: stop ends an answer that still sleeps, and the port is free', async () => {
  const demo = await startDemo();
  const asleep = fetch(`${demo.url}/200?sleep=60000`);
  const awake = await fetch(`${demo.url}/200`);
  assert.equal(awake.status, 200);
  const failed = assert.rejects(asleep);
  await demo.stop();
  await failed;
  await assert.rejects(fetch(`${demo.url}/200`));
});
