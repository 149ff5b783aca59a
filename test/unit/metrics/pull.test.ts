import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Metric } from '../../../src/metrics/metric.ts';
import type { Observation } from '../../../src/metrics/observation.ts';
import { parseExposition } from '../../support/exposition.ts';
import { batch, dnsError, nextMoment, resultOf, scraped } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const TARGET = target('http://a.test/');

// A metric that tells how often it was collected, and throws on demand.
function counting(): Metric<Observation> & { collections: number; fault?: Error } {
  return {
    name: 'sample.collections',
    kind: 'gauge',
    help: 'Collections so far.',
    present: 'always',
    collections: 0,
    observe() {
      this.collections += 1;
      if (this.fault) throw this.fault;
      return this.collections;
    },
  };
}

test('pull: scrapes at once share one collection, and so do those read in the turn after it', async () => {
  const metric = counting();
  const { scrape } = scraped([TARGET], { targetMetrics: [metric], ownMetrics: [] });
  const first = await Promise.all([scrape(), scrape(), scrape()]);
  await nextTurn();
  const late = await scrape();
  assert.equal(metric.collections, 1);
  assert.deepEqual(new Set([...first, late]).size, 1);
  await nextMoment();
  assert.match(await scrape(), /^sample_collections\{url="http:\/\/a.test\/"\} 2$/m);
});

test('pull: an error in a collection rejects every scrape of it, is counted once, and is over with the cause', async () => {
  const metric = counting();
  const { scrape, facts } = scraped([TARGET], { targetMetrics: [metric] });
  await scrape();
  await nextMoment();
  metric.fault = new Error('it broke');
  const outcomes = await Promise.allSettled([scrape(), scrape()]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(facts.collectionErrors, 1);
  await assert.rejects(scrape(), /the collection of the metrics failed/);
  delete metric.fault;
  await nextMoment();
  const text = await scrape();
  assert.match(text, /^sample_collections\{.*\} 3$/m);
  assert.match(text, /^external_url_exporter_collection_errors_total 1$/m);
});

test('pull: a cache that cannot be read fails the collection', async () => {
  const { scrape, cache, facts } = scraped([TARGET]);
  cache.states = () => {
    throw new Error('no states');
  };
  await assert.rejects(scrape(), AggregateError);
  assert.equal(facts.collectionErrors, 1);
});

test('pull: with nothing to tell the text is still valid', async () => {
  const { scrape } = scraped([], { ownMetrics: [] });
  assert.deepEqual(parseExposition(await scrape()), []);
});

test('pull: after shutdown a scrape is an error, not an empty answer', async () => {
  const { scrape, reader } = scraped([TARGET]);
  await reader.shutdown();
  await assert.rejects(scrape(), /shutdown/);
});

test('pull: a wall clock that was set back brings no old value back', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 2_000_000_000_000 });
  const { cache, scrape } = scraped([TARGET], { ownMetrics: [] });
  const up = resultOf(TARGET);
  cache.record(batch([up]), up.endedMs);
  assert.match(await scrape(), /^sample_external_url_up\{.*\} 1$/m);
  await nextMoment();
  t.mock.timers.setTime(1_900_000_000_000);
  const down = dnsError(TARGET);
  cache.record(batch([down]), down.endedMs);
  const text = await scrape();
  assert.match(text, /^sample_external_url_up\{.*\} 0$/m);
  assert.match(text, /^sample_external_url_result\{.*result="success"\} 0$/m);
});
