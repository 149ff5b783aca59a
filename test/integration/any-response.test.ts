import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RESULTS } from '../../src/probe/result.ts';
import { runs } from '../support/fuzz.ts';
import { probe } from '../support/probe.ts';
import { rawServer } from '../support/raw-server.ts';
import { target } from '../support/target.ts';

const fieldName = fc.oneof(
  fc.constantFrom(
    'Content-Length',
    'Transfer-Encoding',
    'Location',
    'Connection',
    'Content-Encoding',
    'Upgrade',
  ),
  fc.string({ maxLength: 12 }),
);
const fieldValue = fc.oneof(
  fc.constantFrom(
    '0',
    '5',
    '-1',
    '99999999999999999999',
    'chunked',
    'gzip, chunked',
    'close',
    '//',
    'http://[',
    '/',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const head = fc
  .tuple(
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.9', 'http/1.1', 'HTTP/2', ''),
    fc.oneof(fc.integer({ min: 0, max: 1200 }).map(String), fc.string({ maxLength: 5 })),
    fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 6 }),
    fc.constantFrom('\r\n', '\n', '\r'),
  )
  .map(([version, status, fields, end]) =>
    [`${version} ${status} Reason`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join(end),
  );
const response = fc.oneof(
  fc.tuple(head, fc.string({ unit: 'binary', maxLength: 60 })).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

test('invariant 9, any response at all gives a result of the list, in time, and never an exception', async () => {
  let said = '';
  await using server = await rawServer((socket) => socket.end(Buffer.from(said, 'latin1')));
  const probed = target(server.url(), { expect: { status: [[100, 999]] } });
  await fc.assert(
    fc.asyncProperty(response, async (text) => {
      said = text;
      const { result, reason, phases, responseMs = 0 } = await probe(probed);
      assert.ok(result in RESULTS && result !== 'internal_error', `${result}: ${reason}`);
      const sum = Object.values(phases).reduce((total, ms) => total + ms, 0);
      assert.ok(Math.abs(sum - responseMs) < 0.1, `${sum} against ${responseMs}`);
    }),
    runs(100),
  );
});

test('invariant 1, no success without a whole HTTP/1 response', async () => {
  let said = '';
  await using server = await rawServer((socket) => socket.end(Buffer.from(said, 'latin1')));
  const probed = target(server.url());
  await fc.assert(
    fc.asyncProperty(response, async (text) => {
      said = text;
      const { result } = await probe(probed);
      if (result === 'success') assert.match(text, /HTTP\/1\.[01] 200\b/);
    }),
    runs(100),
  );
});
