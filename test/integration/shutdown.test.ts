import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { silence } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { httpServer } from '../support/http-server.ts';
import { nothingLeaked, openHandles } from '../support/open-handles.ts';
import { rawConnection } from '../support/raw-client.ts';
import { seriesAbout, startApp } from '../support/running-app.ts';
import { target } from '../support/target.ts';
import { event, until, untilAnswer } from '../support/until.ts';

// What is promised is 5 s; the process needs some of that for itself.
const BOUND_MS = 4000;

function request(path: string): readonly [begin: string, end: string] {
  return [`GET ${path} HTTP/1.1\r\nHost: a\r\n`, '\r\n'];
}

test('shutdown: a scrape in flight is answered, and the connection closed', async () => {
  await using server = await httpServer();
  await using run = await startApp([target(server.url())]);
  await run.scrapeUntil((series) => seriesAbout(server.url(), series).get('up') === 1, 'it is up');
  const scraper = await rawConnection(run.port);
  const [begin, end] = request('/metrics');
  scraper.write(begin);
  // Its answer comes after what was written before was read.
  await run.status('/-/healthy');
  const stopped = run.app.stop();
  scraper.write(end);
  const answer = await text(scraper);
  await stopped;
  assert.match(answer, /^HTTP\/1.1 200 OK\r\n/);
  assert.match(answer, /\nsample_external_url_up\{url="[^"]+"\} 1\n/);
});

test('shutdown: an answer that was begun before is sent to its end, and does not hold it up', async () => {
  const long = 'x'.repeat(2000);
  const targets = Array.from({ length: 2000 }, (_, n) => target(`http://127.0.0.1/${n}?${long}`));
  await using run = await startApp(targets, { concurrency: 1 });
  const scraper = await rawConnection(run.port);
  scraper.write(request('/metrics').join(''));
  await event(scraper, 'readable');
  const startMs = performance.now();
  const stopped = run.app.stop();
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(await text(scraper)) ?? [];
  await stopped;
  const tookMs = performance.now() - startMs;
  assert.equal(body.length, Number(/content-length: (\d+)/i.exec(head)?.[1]));
  assert.ok(tookMs < BOUND_MS, `${tookMs} ms`);
});

test('shutdown: it is not ready from the first moment on', async () => {
  await using run = await startApp([]);
  const asker = await rawConnection(run.port);
  const [begin, end] = request('/-/ready');
  asker.write(begin);
  await untilAnswer(
    () => run.status('/-/ready'),
    (status) => status === 200,
    'it is ready',
  );
  const stopped = run.app.stop();
  asker.write(end);
  assert.match(await text(asker), /^HTTP\/1.1 503 /);
  await stopped;
  await assert.rejects(fetch(run.url('/-/ready')));
});

test('shutdown: probes that hang, look-ups that hang and clients that hang do not hold it up', async () => {
  await using dns = await dnsServer(silence);
  await using server = await httpServer(() => {});
  const before = openHandles();
  const names = Array.from({ length: 50 }, (_, n) => `http://name-${n}.test/`);
  const targets = [
    ...names.map((url) => target(url, { dnsServers: [dns.address], timeoutMs: 60_000 })),
    target(server.url(), { timeoutMs: 60_000 }),
  ];
  await using run = await startApp(targets);
  await until(() => new Set(dns.queries.map(({ name }) => name)).size === 50, 'all names are asked for');
  await until(() => server.requests.length === 1, 'the server was asked');
  const client = await rawConnection(run.port);
  client.write('GET /metrics HTTP/1.1\r\n');
  await run.status('/-/healthy');
  const startMs = performance.now();
  await run.app.stop();
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < BOUND_MS, `${tookMs} ms`);
  client.destroy();
  await until(() => server.openConnections() === 0, 'no probe is left');
  await nothingLeaked(before);
});

test('shutdown: twice is as good as once', async () => {
  await using run = await startApp([]);
  await Promise.all([run.app.stop(), run.app.stop()]);
  await run.app.stop();
});
