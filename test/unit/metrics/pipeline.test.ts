import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sortedSamples } from '../../support/exposition.ts';
import { startPipeline } from '../../support/running-pipeline.ts';
import { nextMoment, resultOf } from '../../support/scrape.ts';
import { target } from '../../support/target.ts';

const ONE = target('http://one.test/', { labels: { team: 'a' } });
const TWO = target('http://two.test/');
const LABELS = 'url="http://one.test/",team="a"';

function histogramOf(text: string): string[] {
  return sortedSamples(text).filter((line) => line.includes('duration_ms'));
}

test('pipeline: the variables decide whether it can be scraped', async () => {
  const exporters = { prometheus: true, 'prometheus,otlp': true, otlp: false, none: false };
  for (const [names, expected] of Object.entries(exporters)) {
    await using run = await startPipeline([ONE], { OTEL_METRICS_EXPORTER: names });
    assert.equal(run.pipeline.isScraped, expected, names);
  }
});

test('pipeline: the histogram counts successful probes only, in the buckets of the config', async () => {
  await using run = await startPipeline([ONE], {});
  run.record(resultOf(ONE));
  assert.deepEqual(histogramOf(await run.scrape()), []);
  run.setTargets([ONE], [10, 100.5]);
  run.record(
    resultOf(ONE, { responseMs: 10 }),
    resultOf(ONE, { responseMs: 100 }),
    resultOf(ONE, { responseMs: 5000.25 }),
    resultOf(ONE, { result: 'unexpected_status', responseMs: 1 }),
  );
  await nextMoment();
  assert.deepEqual(histogramOf(await run.scrape()), [
    `sample_external_url_duration_ms_bucket{${LABELS},le="+Inf"} 3`,
    `sample_external_url_duration_ms_bucket{${LABELS},le="10"} 1`,
    `sample_external_url_duration_ms_bucket{${LABELS},le="100.5"} 2`,
    `sample_external_url_duration_ms_count{${LABELS}} 3`,
    `sample_external_url_duration_ms_sum{${LABELS}} 5110.25`,
  ]);
});

test('pipeline: the histogram goes on after a reload that adds targets, and starts again when targets are removed or buckets change', async () => {
  await using run = await startPipeline([ONE], {});
  run.setTargets([ONE], [100]);
  run.record(resultOf(ONE));
  run.setTargets([ONE, TWO], [100]);
  run.record(resultOf(ONE), resultOf(TWO));
  const counts = async () => {
    await nextMoment();
    return histogramOf(await run.scrape()).filter((line) => line.includes('_count'));
  };
  assert.deepEqual(await counts(), [
    `sample_external_url_duration_ms_count{${LABELS}} 2`,
    'sample_external_url_duration_ms_count{url="http://two.test/"} 1',
  ]);
  run.setTargets([ONE], [100]);
  run.record(resultOf(ONE), resultOf(TWO));
  assert.deepEqual(await counts(), [`sample_external_url_duration_ms_count{${LABELS}} 1`]);
  run.setTargets([ONE], [200]);
  assert.deepEqual(await counts(), []);
  run.setTargets([ONE]);
  run.record(resultOf(ONE));
  assert.deepEqual(await counts(), []);
});

test('pipeline: a collection that fails is counted once for all scrapes that shared it', async () => {
  await using run = await startPipeline([ONE], {});
  const { states } = run.cache;
  run.cache.states = () => {
    throw new Error('no states');
  };
  const outcomes = await Promise.allSettled([run.scrape(), run.scrape()]);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  run.cache.states = states;
  await nextMoment();
  assert.match(await run.scrape(), /^external_url_exporter_collection_errors_total 1$/m);
});

test('pipeline: counters go on through a reload, and a scrape in progress shows the targets from before', async () => {
  await using run = await startPipeline([ONE, TWO], {});
  run.record(resultOf(ONE), resultOf(TWO));
  const before = run.scrape();
  run.setTargets([ONE]);
  run.record(resultOf(ONE));
  const after = run.scrape();
  assert.match(await before, /probes_total\{url="http:\/\/two.test\/",result="success"\} 1/);
  const text = await after;
  assert.doesNotMatch(text, /two\.test/);
  assert.ok(text.includes(`sample_external_url_probes_total{${LABELS},result="success"} 2`));
});

test('pipeline: two hundred reloads that replace every target leave the heap as it was', async () => {
  setFlagsFromString('--expose-gc');
  await using run = await startPipeline([], {});
  const replaced = async (times: number) => {
    for (let reload = 0; reload < times; reload += 1) {
      const targets = Array.from({ length: 20 }, (_, index) => target(`http://${reload}-${index}.test/`));
      run.setTargets(targets, [100]);
      run.record(...targets.map((its) => resultOf(its)));
      await run.scrape();
      await nextMoment();
    }
    runInNewContext('gc()');
    return process.memoryUsage().heapUsed;
  };
  const beforeBytes = await replaced(50);
  const grownBytes = (await replaced(200)) - beforeBytes;
  // Each series of a provider that stays holds some hundred bytes.
  assert.ok(grownBytes < 3_000_000, `${grownBytes} bytes more`);
});
