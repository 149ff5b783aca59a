import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult } from '../../../src/probe/result.ts';
import { staleAfterMs } from '../../../src/state/target-state.ts';
import { sortedSamples } from '../../support/exposition.ts';
import { batch, dnsError, nextMoment, resultOf, scraped } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const TARGET = target('https://httpstat.us/503');
const URL_LABEL = 'url="https://httpstat.us/503"';

async function samplesAfter(...results: readonly ProbeResult[]): Promise<string[]> {
  const { cache, scrape } = scraped([TARGET], { ownMetrics: [] });
  cache.record(batch(results), results.at(-1)?.endedMs ?? 0);
  return sortedSamples(await scrape());
}

const cases: [situation: string, results: () => readonly ProbeResult[], expected: readonly string[]][] = [
  [
    'a target that was never probed has its counters at 0 and nothing else',
    () => [],
    [
      `sample_external_url_failures_total{${URL_LABEL}} 0`,
      `sample_external_url_probes_total{${URL_LABEL},result="success"} 0`,
    ],
  ],
  [
    'an unexpected status is down, with everything that was measured',
    () => [resultOf(TARGET, { result: 'unexpected_status', statusCode: 503, redirects: 1, bodyBytes: 23 })],
    [
      `sample_external_url_body_bytes{${URL_LABEL}} 23`,
      `sample_external_url_failures_total{${URL_LABEL}} 1`,
      `sample_external_url_last_probe_timestamp_seconds{${URL_LABEL}} 1700000001.25`,
      `sample_external_url_phase_ms{${URL_LABEL},phase="connect"} 20`,
      `sample_external_url_phase_ms{${URL_LABEL},phase="dns"} 3.4`,
      `sample_external_url_phase_ms{${URL_LABEL},phase="transfer"} 10`,
      `sample_external_url_phase_ms{${URL_LABEL},phase="wait"} 90`,
      `sample_external_url_probes_total{${URL_LABEL},result="success"} 0`,
      `sample_external_url_probes_total{${URL_LABEL},result="unexpected_status"} 1`,
      `sample_external_url_redirects{${URL_LABEL}} 1`,
      `sample_external_url_response_ms{${URL_LABEL}} 123.4`,
      `sample_external_url_result{${URL_LABEL},result="unexpected_status"} 1`,
      `sample_external_url_status_code{${URL_LABEL}} 503`,
      `sample_external_url_up{${URL_LABEL}} 0`,
    ],
  ],
  [
    'a target that fails after a success keeps no old status, phase or result',
    () => [resultOf(TARGET), dnsError(TARGET)],
    [
      `sample_external_url_failures_total{${URL_LABEL}} 1`,
      `sample_external_url_last_probe_timestamp_seconds{${URL_LABEL}} 1700000001.25`,
      `sample_external_url_phase_ms{${URL_LABEL},phase="dns"} 5`,
      `sample_external_url_probes_total{${URL_LABEL},result="dns_error"} 1`,
      `sample_external_url_probes_total{${URL_LABEL},result="success"} 1`,
      `sample_external_url_response_ms{${URL_LABEL}} 5`,
      `sample_external_url_result{${URL_LABEL},result="dns_error"} 1`,
      `sample_external_url_result{${URL_LABEL},result="success"} 0`,
      `sample_external_url_up{${URL_LABEL}} 0`,
    ],
  ],
  [
    'a probe without a verdict is counted and has its result, and nothing else',
    () => [resultOf(TARGET), dnsError(TARGET, { result: 'internal_error' })],
    [
      `sample_external_url_failures_total{${URL_LABEL}} 0`,
      `sample_external_url_last_probe_timestamp_seconds{${URL_LABEL}} 1700000001.25`,
      `sample_external_url_probes_total{${URL_LABEL},result="internal_error"} 1`,
      `sample_external_url_probes_total{${URL_LABEL},result="success"} 1`,
      `sample_external_url_result{${URL_LABEL},result="internal_error"} 1`,
      `sample_external_url_result{${URL_LABEL},result="success"} 0`,
    ],
  ],
  [
    'a result that is no longer fresh leaves its time and the counters',
    () => [resultOf(TARGET, { endedMs: resultOf(TARGET).endedMs - staleAfterMs(TARGET) - 1 })],
    [
      `sample_external_url_failures_total{${URL_LABEL}} 0`,
      `sample_external_url_last_probe_timestamp_seconds{${URL_LABEL}} 1700000001.25`,
      `sample_external_url_probes_total{${URL_LABEL},result="success"} 1`,
    ],
  ],
];

for (const [situation, results, expected] of cases) {
  test(`target metrics: ${situation}`, async () => {
    assert.deepEqual(await samplesAfter(...results()), expected);
  });
}

test('target metrics: a value of an earlier result is gone from the next scrape', async () => {
  const { cache, scrape } = scraped([TARGET], { ownMetrics: [] });
  const before = resultOf(TARGET);
  cache.record(batch([before]), before.endedMs);
  assert.match(await scrape(), /^sample_external_url_status_code\{.*\} 200$/m);
  const after = dnsError(TARGET);
  cache.record(batch([after]), after.endedMs);
  await nextMoment();
  const text = await scrape();
  assert.doesNotMatch(text, /status_code|body_bytes|redirects|phase="wait"/);
  assert.match(text, /^sample_external_url_up\{.*\} 0$/m);
});
