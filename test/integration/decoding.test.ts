import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Handler } from '../support/http-server.ts';
import { probeServer } from '../support/probe-verdict.ts';

const TEXT = 'all is well, '.repeat(20_000);
const WELL = { expect: { body: [{ pattern: 'all is well', mustMatch: true }] } };

const codings: Record<string, Buffer> = {
  gzip: gzipSync(TEXT),
  'x-gzip': gzipSync(TEXT),
  GZIP: gzipSync(TEXT),
  deflate: deflateSync(TEXT),
  'deflate, bare': deflateRawSync(TEXT),
  br: brotliCompressSync(TEXT),
  zstd: zstdCompressSync(TEXT),
  identity: Buffer.from(TEXT),
  'gzip, br': brotliCompressSync(gzipSync(TEXT)),
};

for (const [coding, content] of Object.entries(codings)) {
  const encoded: Handler = (_, response) =>
    response.writeHead(200, { 'content-encoding': coding.replace(', bare', '') }).end(content);

  test(`decoding: a body in ${coding} is decoded where its text is needed`, async () => {
    const { result, bodyBytes, reason } = await probeServer(encoded, WELL);
    assert.equal(result, 'success', reason);
    assert.equal(bodyBytes, content.length);
  });

  if (content.length >= TEXT.length) continue;
  test(`decoding: a body in ${coding} over the limit once decoded is body_too_large`, async () => {
    const settings = { ...WELL, maxBodyBytes: TEXT.length - 1 };
    assert.equal((await probeServer(encoded, settings)).result, 'body_too_large');
    assert.equal((await probeServer(encoded, { ...WELL, maxBodyBytes: TEXT.length })).result, 'success');
  });

  test(`decoding: a body in ${coding} is not decoded where its text is not needed`, async () => {
    assert.equal((await probeServer(encoded, { maxBodyBytes: content.length })).result, 'success');
  });
}

const undecodable: [what: string, coding: string, content: Buffer][] = [
  ['that is not gzip', 'gzip', Buffer.from('all is well')],
  ['that is cut off', 'gzip', gzipSync(TEXT).subarray(0, -20)],
  ['in an unknown coding', 'snappy', Buffer.from('all is well')],
];

for (const [what, coding, content] of undecodable) {
  test(`decoding: a body ${what} is unexpected_content`, async () => {
    const answer: Handler = (_, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(content);
    assert.equal((await probeServer(answer, WELL)).result, 'unexpected_content');
  });
}

test('decoding: gzip that inflates to 200 MB is body_too_large, in time and in little memory', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)));
  const settings = { ...WELL, maxBodyBytes: 1_000_000 };
  const before = process.memoryUsage.rss();
  const answer: Handler = (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(bomb);
  assert.equal((await probeServer(answer, settings)).result, 'body_too_large');
  assert.ok(process.memoryUsage.rss() - before < 50_000_000);
});

const charsets: [type: string, bytes: Buffer][] = [
  ['text/plain; charset=utf-8', Buffer.from('grün')],
  ['text/plain', Buffer.from('grün')],
  ['text/plain; charset=ISO-8859-1', Buffer.from('grün', 'latin1')],
  ['text/plain; charset="iso-8859-1"; x=y', Buffer.from('grün', 'latin1')],
  ['text/plain; charset=utf-16le', Buffer.from('grün', 'utf16le')],
  ['text/plain; charset=windows-1252', Buffer.from('grün', 'latin1')],
  ['text/plain; charset=unheard-of', Buffer.from('grün')],
];

for (const [type, bytes] of charsets) {
  test(`decoding: text of ${type} is read so`, async () => {
    const answer: Handler = (_, response) => response.writeHead(200, { 'content-type': type }).end(bytes);
    const { result } = await probeServer(answer, {
      expect: { body: [{ pattern: '^gr\u00fcn$', mustMatch: true }] },
    });
    assert.equal(result, 'success');
  });
}
