import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metric } from '../../../src/metrics/metric.ts';
import type { Observation } from '../../../src/metrics/target-metrics.ts';
import { parseExposition } from '../../support/exposition.ts';
import { batch, dnsError, resultOf, scraped } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const TARGET = target('http://a.test/');
// More than a page.
const MANY = Array.from({ length: 600 }, (_, index) => target(`http://${index}.test/`));

test('exposition: over several pages each metric comes once, with all of its series in the order of the targets', async () => {
  const { cache, scrape } = scraped(MANY);
  const results = MANY.map((each, index) => (index < 300 ? dnsError(each) : resultOf(each)));
  cache.record(batch(results), results.at(-1)?.endedMs ?? 0);
  const families = parseExposition(await scrape());
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
  const up = families.find(({ name }) => name === 'sample_external_url_up');
  assert.deepEqual(
    up?.samples.map(({ labels, value }) => [labels.get('url'), value]),
    MANY.map(({ url }, index) => [url, index < 300 ? 0 : 1]),
  );
  const status = families.find(({ name }) => name === 'sample_external_url_status_code');
  assert.equal(status?.samples.length, 300);
});

test('exposition: a metric that throws for one of many targets rejects the whole text, with the cause', async () => {
  const broken: Metric<Observation> = {
    name: 'sample.broken',
    kind: 'gauge',
    help: 'Throws for the last target.',
    present: 'never',
    observe: ({ state }) => {
      if (state.target.url === MANY.at(-1)?.url) throw new Error('it broke');
      return 1;
    },
  };
  const { scrape } = scraped(MANY, { targetMetrics: [broken] });
  await assert.rejects(scrape(), (error) => {
    assert.ok(error instanceof AggregateError);
    assert.equal(error.message, 'the collection of the metrics failed');
    assert.equal(error.errors[0].cause.message, 'it broke');
    return true;
  });
});

test('exposition: a wall clock that was set back brings no old value back', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 2_000_000_000_000 });
  const { cache, scrape } = scraped([TARGET], { ownMetrics: [] });
  const up = resultOf(TARGET);
  cache.record(batch([up]), up.endedMs);
  assert.match(await scrape(), /^sample_external_url_up\{.*\} 1$/m);
  t.mock.timers.setTime(1_900_000_000_000);
  const down = dnsError(TARGET);
  cache.record(batch([down]), down.endedMs);
  const text = await scrape();
  assert.match(text, /^sample_external_url_up\{.*\} 0$/m);
  assert.match(text, /^sample_external_url_result\{.*result="success"\} 0$/m);
});
