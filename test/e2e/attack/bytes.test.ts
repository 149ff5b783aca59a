import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestFor } from '../../support/attackers.ts';
import { exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';
import { rawExchange } from '../../support/raw-client.ts';

const END = { Connection: 'close' };

function fields(...lines: readonly string[]): string {
  return `GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
}

function path(target: string): string {
  return requestFor(target, END);
}

// Bytes, and the status that each gets; 0 where the server says nothing.
const exchanges: readonly [what: string, bytes: string, status: number][] = [
  ['a path that leaves the root', path('/../../etc/passwd'), 404],
  ['a path that leaves the root, encoded', path('/%2e%2e/%2e%2e/etc/passwd'), 404],
  ['a path that leaves the root, encoded twice', path('/%252e%252e/etc/passwd'), 404],
  ['a path that leaves the root with backslashes', path('/..\\..\\etc\\passwd'), 404],
  ['a path that leaves the root from a known one', path('/metrics/../../etc/passwd'), 404],
  ['a path through another to a known one', path('/x/../metrics'), 404],
  ['two slashes', path('//metrics'), 404],
  ['an encoded NUL', path('/metrics%00'), 404],
  ['an encoded slash', path('/%2fmetrics'), 404],
  ['an encoded letter', path('/%6detrics'), 200],
  ['no valid encoding', path('/%zz'), 400],
  ['half an encoding', path('/%'), 400],
  ['an overlong encoding', path('/%c0%ae%c0%ae/etc/passwd'), 400],
  ['a fragment', path('/metrics#x'), 200],
  ['an empty query', path('/metrics?'), 200],
  ['a query that goes on', path(`/metrics?${'a&'.repeat(4000)}`), 200],
  ['a semicolon', path('/metrics;x=1'), 404],
  ['the asterisk-form', path('*'), 200],
  ['the absolute-form', path('http://elsewhere.test/metrics'), 200],
  ['the authority-form', path('elsewhere.test:80'), 400],
  ['a file', path('file:///etc/passwd'), 404],
  ['CONNECT', `CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n`, 0],
  ['TRACE', 'TRACE /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405],
  ['a method in small letters', 'get /metrics HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a method of its own', 'HACK /metrics HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['HTTP/0.9', 'GET /metrics\r\n\r\n', 200],
  ['HTTP/1.0', 'GET /metrics HTTP/1.0\r\n\r\n', 200],
  ['a version of its own', 'GET /metrics HTTP/1.10\r\nHost: a\r\n\r\n', 400],
  ['two hosts', fields('Host: b'), 200],
  ['no colon', fields('nonsense'), 400],
  ['white space before the colon', fields('X : 1'), 400],
  ['a folded line', fields('X: 1', ' 2'), 400],
  ['a NUL in a value', fields('X: a\0b'), 400],
  ['a bare CR in a value', fields('X: a\rb'), 400],
  ['a field without a name', fields(': x'), 400],
  ['bytes above ASCII in a value', fields('X: \xff\xfe\x80'), 200],
  ['a header that is huge', fields(`X: ${'x'.repeat(20_000)}`), 431],
  ['five hundred fields', fields(...Array.from({ length: 500 }, (_, n) => `X${n}: 1`)), 200],
  ['four thousand fields', fields(...Array.from({ length: 4000 }, (_, n) => `X${n}: 1`)), 431],
  ['a target that is huge', path(`/${'x'.repeat(20_000)}`), 431],
  ['both lengths', fields('Content-Length: 5', 'Transfer-Encoding: chunked'), 400],
  ['a negative length', fields('Content-Length: -1'), 400],
  ['a length beyond all numbers', fields(`Content-Length: ${'9'.repeat(30)}`), 400],
  ['a length that is none', fields('Content-Length: 0x10'), 400],
  ['a body that is announced', fields('Content-Length: 10'), 413],
  ['a coding of its own', fields('Transfer-Encoding: magic'), 400],
  ['a chunk that is none', `${fields('Transfer-Encoding: chunked')}zz\r\n`, 400],
  ['a second request within a body', `${fields('Content-Length: 4')}${path('/config')}`, 413],
  ['an expectation', fields('Expect: the unexpected'), 417],
  ['an upgrade', fields('Upgrade: h2c', 'HTTP2-Settings: AAAA'), 200],
  ['credentials that are none', fields('Authorization: Basic ====', `Cookie: ${'a=b; '.repeat(100)}`), 200],
  ['weights that are none', fields('Accept-Encoding: gzip;q=x, ;;;,,, *;q=, gzip;q=1e999'), 200],
  ['ranges', fields(`Range: bytes=${'0-,'.repeat(2000)}0-`), 200],
  ['nothing but ends of lines', '\r\n'.repeat(3000) + path('/metrics'), 200],
  ['bytes at random', '\x00\xff\x80\x01\r\n\r\n', 400],
];

test('attack: whatever bytes come, each gets its status and no file, and probing goes on', async (t) => {
  await using target = await httpServer();
  await using service = await exporter(['--probe.interval=2s', target.url()]);
  const port = Number(service.authority.split(':')[1]);
  const success = /^sample_external_url_probes_total{.*"success"} (\d+)/m;
  const probes = async () => Number(success.exec(await service.metrics())?.[1]);
  await service.metricsUntil(/^sample_external_url_up{.*} 1/);
  const before = await probes();
  for (const [what, bytes, status] of exchanges) {
    await t.test(`${what} is ${status === 0 ? 'left alone' : status}`, async () => {
      const answer = await rawExchange(port, bytes);
      assert.equal(Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1] ?? 0), status, answer.slice(0, 500));
      assert.ok((answer.match(/^HTTP\/1/gm) ?? []).length <= 1, 'one answer');
      assert.doesNotMatch(answer, /root:|node_modules|\bat \S+:\d+/);
      if (status !== 200) assert.doesNotMatch(answer, /sample_external_url/);
    });
  }
  await service.metricsUntil(new RegExp(`^sample_external_url_probes_total{.*"success"} ${before + 2}`));
  assert.doesNotMatch(service.output(), /"level":"?(error|50)/);
});
