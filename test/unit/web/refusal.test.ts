import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { rawExchange } from '../../support/raw-client.ts';
import { responseTo, startWeb } from '../../support/running-web.ts';

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
    const { url, port, log } = await startWeb(t);
    const headers = body === undefined ? {} : { 'content-type': 'text/x-odd', 'content-length': body.length };
    const sent = request({ host: '127.0.0.1', port, method, path, headers });
    const response = await responseTo(sent.end(body));
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
    const { url, port } = await startWeb(t);
    assert.match(await rawExchange(port, bytes), new RegExp(`^HTTP/1.1 ${status} `));
    assert.equal((await fetch(`${url}/metrics`)).status, 200);
  });
}
