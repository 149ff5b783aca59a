import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { fileSchema } from '../../../src/config/schema.ts';
import { settingRows } from '../../../src/config/setting-rows.ts';

test('settings: every key has a row with its default and what it means', () => {
  const rows = settingRows();
  assert.deepEqual(
    rows.map(({ key, default: text }) => [key, text]),
    [
      ['url', 'required'],
      ['labels', '`{}`'],
      ['interval', '`10s`'],
      ['timeout', '`5s`, or 90 % of the interval if that is shorter'],
      ['method', '`GET`'],
      ['headers', '`{}`'],
      ['body', 'none'],
      ['body_file', 'none'],
      ['follow_redirects', '`true`'],
      ['max_redirects', '`10`'],
      ['expect.status', '`[200]`'],
      ['max_body_size', '`10MiB`'],
      ['tls_config.ca_file', "the system's CAs"],
      ['tls_config.cert_file', 'none'],
      ['tls_config.key_file', 'none'],
      ['tls_config.server_name', 'none'],
      ['tls_config.insecure_skip_verify', '`false`'],
      ['tls_config.min_version', '`TLS12`'],
      ['tls_config.max_version', '`TLS13`'],
      ['concurrency', '80 % of the open-file limit, 2000 if unknown'],
      ['targets', 'required, unless URLs are given as arguments or in `TARGETS`'],
    ],
  );
  for (const { key, description } of rows)
    assert.notEqual(description.replace('top level only: ', ''), '', key);
});

test('settings: the schema can be given as a JSON Schema', () => {
  const { properties } = z.toJSONSchema(fileSchema, { io: 'input' });
  assert.deepEqual(Object(properties).interval, {
    type: 'string',
    description: 'time from probe to probe, 100ms to 24h',
  });
});
