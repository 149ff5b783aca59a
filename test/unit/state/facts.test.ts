import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult } from '../../../src/probe/result.ts';
import { Cache } from '../../../src/state/cache.ts';
import { targetFacts } from '../../../src/state/facts.ts';
import { batch, dnsError, resultOf } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const one = target('https://one.test/', { labels: { team: 'web' }, intervalMs: 1000, timeoutMs: 500 });
const moment = { nowMs: 1000, wallMs: Date.parse('2026-01-02T03:04:05.678Z') };

function factsAfter(of: typeof one, results: readonly ProbeResult[], nowMs = moment.nowMs) {
  const cache = new Cache();
  cache.setTargets([of]);
  cache.record(batch(results), 0);
  const state = cache.state(of.key);
  assert.ok(state);
  return targetFacts(state, { ...moment, nowMs });
}

test('facts: before the first result the state is unknown, and what is not known is absent', () => {
  assert.deepEqual(factsAfter(one, []), {
    url: 'https://one.test/',
    labels: { team: 'web' },
    intervalMs: 1000,
    timeoutMs: 500,
    state: 'unknown',
    stale: false,
    counts: { success: 0 },
    failures: 0,
    history: [],
  });
});

test('facts: all that a result has is shown, times in ISO 8601', () => {
  const endedAtMs = Date.parse('2026-01-02T03:04:05Z');
  const result = resultOf(one, { endedMs: 900, endedAtMs, certificateExpirySeconds: 1_800_000_000 });
  const { nextProbe = '', ...facts } = factsAfter(one, [result]);
  assert.deepEqual(facts, {
    url: 'https://one.test/',
    labels: { team: 'web' },
    intervalMs: 1000,
    timeoutMs: 500,
    state: 'up',
    since: '2026-01-02T03:04:05.000Z',
    stale: false,
    result: 'success',
    meaning: 'up: every expectation was met and the whole body received in time',
    responseMs: 123.4,
    phases: { dns: 3.4, connect: 20, wait: 90, transfer: 10 },
    statusCode: 200,
    redirects: 0,
    bodyBytes: 6,
    certificateExpiry: '2027-01-15T08:00:00.000Z',
    lastProbe: '2026-01-02T03:04:05.000Z',
    counts: { success: 1 },
    failures: 0,
    history: [['success', 123.4]],
  });
  // Of a first probe: the first place past its deadline.
  const deadlineMs = endedAtMs - (result.endedMs - result.startedMs) + one.timeoutMs;
  const waitMs = Date.parse(nextProbe) - Math.max(moment.wallMs, deadlineMs);
  assert.ok(waitMs >= 0 && waitMs <= one.intervalMs, nextProbe);
});

test('facts: a failure is down with its reason, and the history has both', () => {
  const results = [resultOf(one, { endedMs: 0 }), dnsError(one, { endedMs: 900, reason: 'no such name' })];
  const { state, result, reason, statusCode, counts, failures, history } = factsAfter(one, results);
  assert.deepEqual(
    { state, result, reason, statusCode, counts, failures, history },
    {
      state: 'down',
      result: 'dns_error',
      reason: 'no such name',
      statusCode: undefined,
      counts: { success: 1, dns_error: 1 },
      failures: 1,
      history: [
        ['success', 123.4],
        ['dns_error', 5],
      ],
    },
  );
});

test('facts: what the exporter could not carry out leaves the state unknown, as does a result that is too old', () => {
  const ended = { endedMs: 1000, endedAtMs: 0 };
  assert.equal(factsAfter(one, [resultOf(one, { result: 'internal_error', ...ended })]).state, 'unknown');
  const fresh = factsAfter(one, [resultOf(one, ended)], 4500);
  assert.deepEqual([fresh.state, fresh.stale], ['up', false]);
  const stale = factsAfter(one, [resultOf(one, ended)], 4501);
  assert.deepEqual([stale.state, stale.stale, stale.since], ['unknown', true, '1970-01-01T00:00:03.500Z']);
});

test('facts: an unverified certificate is shown, where there is one', () => {
  const tls = { insecureSkipVerify: true };
  assert.equal(factsAfter(target('https://one.test/', { tls }), []).insecureSkipVerify, true);
  assert.equal(factsAfter(target('http://one.test/', { tls }), []).insecureSkipVerify, undefined);
});
