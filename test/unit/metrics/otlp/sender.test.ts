import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadExporter } from '../../../../src/metrics/otlp/exporter.ts';
import { reasonOf, Sender } from '../../../../src/metrics/otlp/sender.ts';
import { recordingLog } from '../../../support/log.ts';
import { leaked, openHandles } from '../../../support/open-handles.ts';

const SETTINGS = {
  protocol: 'http/protobuf',
  endpoint: 'http://127.0.0.1:9/v1/metrics',
  headers: {},
  compression: 'none',
  intervalMs: 60_000,
  timeoutMs: 10_000,
  exportTimeoutMs: 30_000,
} as const;

test('sender: metrics that cannot be collected are a failure in the log, and leave no timer behind', async () => {
  const log = recordingLog();
  const sender = new Sender(await loadExporter(SETTINGS), SETTINGS, log);
  const before = openHandles();
  await sender.send(broken(), 30_000);
  assert.deepEqual(leaked(before), []);
  assert.deepEqual(
    log.lines.map(({ level, text, fields }) => [level, text, fields.reason]),
    [['warn', 'pushing metrics fails', 'no page']],
  );
  sender.shutdown();
});

// biome-ignore lint/correctness/useYield: it fails before its first part.
async function* broken(): AsyncGenerator<never> {
  await Promise.resolve();
  throw new Error('no page');
}

const reasons: readonly [situation: string, error: unknown, expected: string][] = [
  ['a status and its message', Object.assign(new Error('Bad Request'), { code: 400 }), '400 Bad Request'],
  [
    'a code that the message has',
    Object.assign(new Error('14 UNAVAILABLE: gone'), { code: 14 }),
    '14 UNAVAILABLE: gone',
  ],
  [
    'a code alone, as of several addresses',
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['nothing at all', undefined, 'no reason was given'],
  ['a header sent back', new Error('no user Bearer s3cret-token here'), 'no user <secret> here'],
  ['the credentials of a header', new Error('s3cret-token is wrong'), '<secret> is wrong'],
  ['several lines', new Error('one\n  two'), 'one two'],
  ['a long text', new Error('x'.repeat(1000)), 'x'.repeat(300)],
];

for (const [situation, error, expected] of reasons) {
  test(`sender, reason: ${situation}`, () => {
    assert.equal(reasonOf(error, { authorization: 'Bearer s3cret-token', 'x-retry': '1' }), expected);
  });
}
