import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { settingRows } from '../../../deploy/docs/setting-rows.ts';
import { fileSchema } from '../../../src/config/schema/schema.ts';

const rows = settingRows();

test('settings: every key of the file and of a target has a row that says what it means', () => {
  const documented = new Set(rows.map(({ key }) => key.replace(/\..*/, '')));
  for (const key of ['url', ...Object.keys(fileSchema.shape)]) assert.ok(documented.has(key), key);
  for (const { key, description } of rows)
    assert.notEqual(description.replace('top level only: ', ''), '', key);
});

const defaults: readonly [string, string][] = [
  ['url', 'required'],
  ['labels', '`{}`'],
  ['interval', '`10s`'],
  ['timeout', '`5s`, or 90 % of the interval if that is shorter'],
  ['body', 'none'],
  ['max_redirects', '`10`'],
  ['expect.status', '`[200]`'],
  ['tls_config.ca_file', "the system's CAs"],
  ['tls_config.insecure_skip_verify', '`false`'],
  ['concurrency', '80 % of the open-file limit, 2000 if unknown'],
  ['targets', 'required, unless there are `target_files`, or URLs as arguments or in `TARGETS`'],
];

for (const [key, text] of defaults) {
  test(`settings: the default of ${key} is given as ${text}`, () => {
    assert.equal(rows.find((row) => row.key === key)?.default, text);
  });
}

test('settings: the schema can be given as a JSON Schema', () => {
  const { properties } = z.toJSONSchema(fileSchema, { io: 'input' });
  assert.deepEqual(Object(properties).interval, {
    type: 'string',
    description: 'time from probe to probe, 100ms to 24h',
  });
});
