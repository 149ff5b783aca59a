import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expositionName, type Metric } from '../../../src/metrics/metric.ts';
import { OWN_METRICS } from '../../../src/metrics/own-metrics.ts';
import { type Observation, TARGET_METRICS } from '../../../src/metrics/target-metrics.ts';
import { VERSION } from '../../../src/version.ts';
import { type Family, parseExposition, sortedSamples } from '../../support/exposition.ts';
import { runs } from '../../support/fuzz.ts';
import { batch, resultOf, scraped } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

test('instruments: up and response time come out as the README shows them', async () => {
  const down = target('https://httpstat.us/503');
  const { cache, scrape } = scraped([down]);
  const result = resultOf(down, { result: 'unexpected_status', statusCode: 503 });
  cache.record(batch([result]), result.endedMs);
  const lines = (await scrape()).split('\n');
  assert.ok(lines.includes('sample_external_url_up{url="https://httpstat.us/503"} 0'));
  assert.ok(lines.includes('sample_external_url_response_ms{url="https://httpstat.us/503"} 123.4'));
});

test('instruments: the exporter has metrics about itself, and only build_info has labels', async () => {
  const { cache, figures, scrape } = scraped([target('http://a.test/'), target('http://b.test/')], {
    targetMetrics: [],
  });
  cache.record(batch([], { inFlight: 3, skipped: 2, lagMs: 1500 }), resultOf(target('')).endedMs);
  figures.collectionErrors = 4;
  figures.reload = { ...figures.reload, reloadSuccessful: false };
  const ofService = sortedSamples(await scrape()).filter((line) => !line.startsWith('process_'));
  assert.deepEqual(ofService, [
    `external_url_exporter_build_info{version="${VERSION}",nodejs_version="${process.version}"} 1`,
    'external_url_exporter_collection_errors_total 4',
    'external_url_exporter_config_last_reload_success_timestamp_seconds 1700000000.5',
    'external_url_exporter_config_last_reload_successful 0',
    'external_url_exporter_probes_in_flight 3',
    'external_url_exporter_probes_skipped_total 2',
    'external_url_exporter_schedule_lag_seconds 1.5',
    'external_url_exporter_target_file_errors_total 0',
    'external_url_exporter_targets 2',
  ]);
});

test('instruments: every metric has the name, the type and the help of its row', async () => {
  const one = target('http://a.test/');
  const threads = new Map([['main', { loopDelayMs: 1, gcMs: 2, heapUsedBytes: 3 }]]);
  const { cache, scrape } = scraped([one], { threads });
  const result = resultOf(one, { certificateExpirySeconds: 2_000_000_000 });
  cache.record(batch([result]), result.endedMs);
  const families = parseExposition(await scrape()).map(({ name, type, help }) => [name, type, help]);
  const rows = [...TARGET_METRICS, ...OWN_METRICS].map((row) => [expositionName(row), row.kind, row.help]);
  assert.deepEqual(families, rows);
});

test('instruments: labels are url, those of the target, then that of the metric', async () => {
  const labelled = target('http://a.test/', { labels: { team: 'b', area: 'a' } });
  const { cache, scrape } = scraped([labelled]);
  const result = resultOf(labelled, { phases: { dns: 1 } });
  cache.record(batch([result]), result.endedMs);
  const lines = (await scrape()).split('\n');
  assert.ok(lines.includes('sample_external_url_up{url="http://a.test/",team="b",area="a"} 1'));
  assert.ok(
    lines.includes('sample_external_url_phase_ms{url="http://a.test/",team="b",area="a",phase="dns"} 1'),
  );
});

test('instruments: any url and label value is exported as it is, lone surrogates as U+FFFD', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('"', '\\', '\n', '\r', ',', '{', '}', '=', '\ud800', '\udc00', 'n', ' '),
    }),
  );
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (url, team) => {
      const odd = target(url, { labels: { team } });
      const { scrape } = scraped([odd], { ownMetrics: [] });
      const sent = Buffer.from(await scrape()).toString();
      const [sample] = familyNamed('sample_external_url_failures_total', parseExposition(sent)).samples;
      assert.deepEqual(
        sample?.labels,
        new Map(Object.entries({ url: url.toWellFormed(), team: team.toWellFormed() })),
      );
    }),
    runs(40),
  );
});

test('instruments: targets that differ only in lone surrogates are one series, not one series twice', async () => {
  const { scrape } = scraped([target('http://a.test/\ud800'), target('http://a.test/\udfff')]);
  const families = parseExposition(Buffer.from(await scrape()).toString());
  assert.equal(familyNamed('sample_external_url_failures_total', families).samples.length, 1);
});

test('instruments: more than 2000 targets have a series each', async () => {
  const targets = Array.from({ length: 2500 }, (_, index) => target(`http://${index}.test/`));
  const { scrape } = scraped(targets, { ownMetrics: [] });
  const families = parseExposition(await scrape());
  assert.equal(familyNamed('sample_external_url_failures_total', families).samples.length, 2500);
});

test('instruments: a metric that throws is an error of the collection and loses its own series only', async () => {
  const broken: Metric<Observation> = {
    name: 'sample.external_url.broken',
    kind: 'gauge',
    help: 'Throws for one target.',
    present: 'never',
    observe: ({ state }) => {
      if (state.target.url === 'http://b.test/') throw new Error('it broke');
      return 1;
    },
  };
  const { collect } = scraped([target('http://a.test/'), target('http://b.test/')], {
    targetMetrics: [broken, ...TARGET_METRICS],
    ownMetrics: [],
  });
  const { resourceMetrics, errors } = await collect();
  const series = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.map(({ descriptor, dataPoints }) => `${descriptor.name} ${dataPoints.length}`),
  );
  assert.deepEqual(series, [
    'sample.external_url.broken 1',
    'sample.external_url.probes 2',
    'sample.external_url.failures 2',
  ]);
  const [error, ...others] = errors;
  assert.ok(error instanceof Error && error.cause instanceof Error);
  assert.deepEqual(
    [error.message, error.cause.message, others],
    ['sample.external_url.broken could not be observed', 'it broke', []],
  );
});

function familyNamed(name: string, families: readonly Family[]): Family {
  const family = families.find((each) => each.name === name);
  assert.ok(family, `no family ${name}`);
  return family;
}
