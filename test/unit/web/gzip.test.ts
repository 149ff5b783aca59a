import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { gzipped } from '../../../src/web/gzip.ts';

const TEXT = 'sample_external_url_up{url="https://httpstat.us/503"} 0\n'.repeat(100);

test('gzip: bytes that several clients get are compressed once', async () => {
  const bytes = Buffer.from(TEXT);
  const [first, second, other] = await Promise.all([gzipped(bytes), gzipped(bytes), gzipped(TEXT)]);
  assert.ok(first !== undefined && first === second);
  assert.equal(String(gunzipSync(first)), TEXT);
  assert.deepEqual(other, first);
});
