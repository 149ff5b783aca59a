import assert from 'node:assert/strict';
import { Agent, type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SingleFlight } from '../../../src/metrics/single-flight.ts';
import type { WebDuties } from '../../../src/web/routes.ts';
import { WebServer } from '../../../src/web/server.ts';
import { recordingLog } from '../../support/log.ts';
import { rawConnection, rawExchange } from '../../support/raw-client.ts';
import { event } from '../../support/until.ts';
import { webDuties } from '../../support/web-duties.ts';

const METRICS = 'sample_external_url_up{url="https://httpstat.us/503"} 0\n';
const LONG_METRICS = METRICS.repeat(100);

const DUTIES = webDuties({ scrape: async () => METRICS });

type Running = { web: WebServer; url: string; port: number; log: ReturnType<typeof recordingLog> };

async function running(t: TestContext, duties: Partial<WebDuties> = {}): Promise<Running> {
  const log = recordingLog();
  const web = new WebServer({ ...DUTIES, ...duties }, log);
  const { port } = await web.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => web.close());
  return { web, log, port, url: `http://127.0.0.1:${port}` };
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once('response', resolve).once('error', reject));
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
    const response = await answerTo(get(`${url}/metrics`, { headers }));
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

const healths: [path: string, duties: Partial<WebDuties>, status: number, want: RegExp][] = [
  ['/-/healthy', { isHealthy: () => true }, 200, /^Healthy: .*\.\n$/],
  ['/-/healthy', { isHealthy: () => false }, 503, /^Not healthy: .*\.\n$/],
  ['/-/ready', { isReady: () => true }, 200, /^Ready: .*\.\n$/],
  ['/-/ready', { isReady: () => false }, 503, /^Not ready: .*\.\n$/],
];

for (const [path, duties, status, want] of healths) {
  test(`web: ${path} is ${status} with a plain sentence`, async (t) => {
    const { url } = await running(t, duties);
    const response = await fetch(url + path);
    assert.equal(response.status, status);
    assert.match(await response.text(), want);
  });
}

const refusals: [method: string, path: string, status: number, body?: string][] = [
  ['GET', '/nothing', 404],
  ['GET', '/metrics/up', 404],
  ['GET', '//metrics', 404],
  ['POST', '/nothing', 404, '{"a":1}'],
  ['POST', '/metrics', 405],
  ['POST', '/metrics/', 405, '{"a":1}'],
  ['PUT', '/-/ready', 405, 'x'.repeat(100)],
  ['DELETE', '/metrics?x=1', 405],
  ['OPTIONS', '/', 405],
  ['TRACE', '/-/healthy', 405],
  ['PROPFIND', '/metrics', 405],
  ['GET', '/metrics', 413, 'a body'],
  ['GET', '/%zz', 400],
];

for (const [method, path, status, body] of refusals) {
  test(`web: ${method} ${path}${body ? ' with a body' : ''} is ${status}, as a sentence`, async (t) => {
    const { url, port, log } = await running(t);
    const headers = body === undefined ? {} : { 'content-type': 'text/x-odd', 'content-length': body.length };
    const sent = request({ host: '127.0.0.1', port, method, path, headers });
    const response = await answerTo(sent.end(body));
    assert.equal(response.statusCode, status);
    assert.equal(response.headers.allow, status === 405 ? 'GET, HEAD' : undefined);
    assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(await text(response), /^[A-Z][^{}]*\.\n$/);
    assert.equal((await fetch(`${url}/metrics`)).status, 200);
    assert.deepEqual(log.lines, []);
  });
}

const malformed: [what: string, bytes: string, status: number][] = [
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['a request target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['no Host', 'GET /metrics HTTP/1.1\r\n\r\n', 400],
  ['two lengths', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ['a header block that is too long', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`, 431],
];

for (const [what, bytes, status] of malformed) {
  test(`web: ${what} is answered with ${status}, and the server lives on`, async (t) => {
    const { url, port } = await running(t);
    assert.match(await rawExchange(port, bytes), new RegExp(`^HTTP/1.1 ${status} `));
    assert.equal((await fetch(`${url}/metrics`)).status, 200);
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

test('web: close answers the scrape in flight and ends, with idle connections open', async (t) => {
  const begun = Promise.withResolvers<void>();
  const collected = Promise.withResolvers<string>();
  const { web, url } = await running(t, {
    scrape: () => {
      begun.resolve();
      return collected.promise;
    },
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  await text(await answerTo(get(`${url}/-/ready`, { agent })));
  const inFlight = answerTo(get(`${url}/metrics`, { agent: new Agent({ keepAlive: true }) }));
  await begun.promise;
  const closed = web.close(60_000);
  collected.resolve(METRICS);
  const response = await inFlight;
  assert.equal(response.headers.connection, 'close');
  assert.equal(await text(response), METRICS);
  await closed;
  await assert.rejects(fetch(`${url}/metrics`));
});

test('web: close ends within its bound when a scrape never does, or a request is never complete', async (t) => {
  const begun = Promise.withResolvers<void>();
  const { web, port } = await running(t, {
    scrape: () => {
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const half = await rawConnection(port);
  half.write('GET /metrics HTTP/1.1\r\nHost:');
  const hanging = await rawConnection(port);
  hanging.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await begun.promise;
  const ended = Promise.all([half, hanging].map((socket) => event(socket.resume(), 'close')));
  await web.close(50);
  await ended;
});

test('web: a busy port is one clear sentence with the address', async (t) => {
  const { port } = await running(t);
  const second = new WebServer(DUTIES, recordingLog());
  await assert.rejects(second.listen({ host: '127.0.0.1', port }), {
    message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
  });
  await second.close();
});

test('web: an address that this machine has not is one clear sentence', async () => {
  const web = new WebServer(DUTIES, recordingLog());
  await assert.rejects(web.listen({ host: '192.0.2.1', port: 0 }), {
    message: 'cannot listen on 192.0.2.1:0: no interface of this machine has that address',
  });
  await web.close();
});

test('web: no host means every interface, IPv6 too where there is any', async (t) => {
  const web = new WebServer(DUTIES, recordingLog());
  t.after(() => web.close());
  const { host, port } = await web.listen({ host: '', port: 0 });
  assert.equal(host, (await hasIpv6()) ? '::' : '0.0.0.0');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), METRICS);
  if (host === '::') assert.equal((await fetch(`http://[::1]:${port}/metrics`)).status, 200);
});

function hasIpv6(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => server.close(() => resolve(true)));
  });
}
