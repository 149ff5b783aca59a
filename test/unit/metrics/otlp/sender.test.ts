import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlpExporter } from '../../../../src/metrics/otlp/exporter.ts';
import { Sender } from '../../../../src/metrics/otlp/sender.ts';
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

test('sender: what cannot be collected rejects, and leaves no timer behind', async () => {
  const sender = new Sender(await otlpExporter(SETTINGS), SETTINGS, recordingLog());
  const before = openHandles();
  await assert.rejects(sender.send(broken()), /no page/);
  assert.deepEqual(leaked(before), []);
  sender.shutdown();
});

// biome-ignore lint/correctness/useYield: it fails before its first part.
async function* broken(): AsyncGenerator<never> {
  await Promise.resolve();
  throw new Error('no page');
}
