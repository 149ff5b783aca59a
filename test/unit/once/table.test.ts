import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onceTable } from '../../../src/once/table.ts';
import type { ProbeResult } from '../../../src/probe/result.ts';
import { Cache } from '../../../src/state/cache.ts';
import { batch } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const up = target('http://a.test/');
const down = target('http://b.test/', { labels: { team: 'x' } });

function result(key: string, overrides: Partial<ProbeResult>): ProbeResult {
  return { key, result: 'success', startedMs: 0, endedMs: 100, endedAtMs: 0, phases: {}, ...overrides };
}

function states() {
  const cache = new Cache();
  cache.setTargets([up, down]);
  const results = [
    result(up.key, { responseMs: 100, statusCode: 200, phases: { connect: 20, wait: 79.9, transfer: 0.1 } }),
    result(down.key, { result: 'dns_error', reason: 'no such name', responseMs: 10, phases: { dns: 10 } }),
  ];
  cache.record(batch(results), 100);
  return [...cache.states()];
}

test('once: the table shows health, status, time, phases to one scale, and why a target is down', () => {
  const lines = onceTable(states(), (_, text) => text).split('\n');
  assert.deepEqual(lines, [
    '      URL                    STATUS     MS  PHASES                      RESULT',
    'up    http://a.test/            200  100.0  cccccwwwwwwwwwwwwwwwwwwwwt  success',
    'down  http://b.test/ team=x           10.0  ddd                         dns_error: no such name',
    '',
    '1 of 2 up',
    'phases: d dns, c connect, s tls, w wait, t transfer',
    '',
  ]);
});

test('once: colour goes around the cells and leaves the columns where they are', () => {
  const plain = onceTable(states(), (_, text) => text);
  const coloured = onceTable(states(), (format, text) => `<${format}>${text}</>`);
  assert.equal(coloured.replaceAll(/<\/?\w*>/g, ''), plain);
  assert.match(coloured, /<red>down<\/>/);
  assert.match(coloured, /<blue>c+<\/><yellow>w+<\/>/);
});
