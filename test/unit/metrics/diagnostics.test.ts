import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diag } from '@opentelemetry/api';
import { logDiagnostics } from '../../../src/metrics/diagnostics.ts';
import { recordingLog } from '../../support/log.ts';

test('diagnostics: warnings and errors of the SDK are in our log, an Error as err; the rest is not', (t) => {
  t.after(() => diag.disable());
  const log = recordingLog();
  logDiagnostics(log);
  const err = new Error('it broke');
  diag.error('collection errors', err, 'and more');
  diag.warn('odd name');
  diag.info('started');
  diag.debug('detail');
  assert.deepEqual(log.lines, [
    {
      level: 'error',
      fields: { message: 'collection errors', err, details: ['and more'] },
      text: 'OpenTelemetry',
    },
    { level: 'warn', fields: { message: 'odd name' }, text: 'OpenTelemetry' },
  ]);
});
