import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { diag } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { readOtelSettings } from '../../src/config/command-line/otel.ts';
import { TARGET_METRICS } from '../../src/metrics/target-metrics.ts';
import { httpServer } from '../support/http-server.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';
import { type RunningApp, seriesAbout, startApp } from '../support/running-app.ts';
import { linesOf, pushEverySecondTo } from '../support/running-pipeline.ts';
import { OFTEN, target } from '../support/target.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

// No config lets it through, so that the probe itself throws.
const UNTHINKABLE = 'http://';

function metricNamed(name: string) {
  return TARGET_METRICS.find((metric) => metric.name === name) ?? assert.fail(`no metric ${name}`);
}

/** Asks for /metrics; a fault must not make it hang. */
async function scrape(run: RunningApp): Promise<{ status: number; body: string }> {
  const response = await fetch(run.url('/metrics'), { signal: AbortSignal.timeout(PATIENCE_MS) });
  return { status: response.status, body: await response.text() };
}

function errorsLogged(run: RunningApp): readonly string[] {
  return run.log.lines.filter(({ level }) => level === 'error').map(({ text }) => text);
}

test('own faults: a probe that throws is no verdict, is counted and logged, and probing goes on', async () => {
  await using server = await httpServer();
  const fine = server.url();
  await using run = await startApp([target(UNTHINKABLE, OFTEN), target(fine, OFTEN)]);
  const about = (url: string, series: Awaited<ReturnType<RunningApp['scrape']>>) => seriesAbout(url, series);
  const thrown = 'probes_total{result="internal_error"}';
  const isDone = (series: Awaited<ReturnType<RunningApp['scrape']>>) =>
    (about(UNTHINKABLE, series).get(thrown) ?? 0) >= 3 && about(fine, series).get('up') === 1;
  const series = await run.scrapeUntil(isDone, 'it has thrown three times, and the other target is up');
  const exported = about(UNTHINKABLE, series);
  assert.deepEqual(
    [exported.get('up'), exported.get('response_ms'), exported.get('failures_total')],
    [undefined, undefined, 0],
  );
  assert.equal(exported.get('result{result="internal_error"}'), 1);
  assert.equal(about(fine, series).has(thrown), false);
  assert.equal(await run.status('/-/healthy'), 200);
  const lines = run.log.lines.map(({ level, text, fields: { url, result, reason } }) => [
    level,
    text,
    url,
    result,
    reason,
  ]);
  assert.deepEqual(lines, [['warn', 'target is unknown', UNTHINKABLE, 'internal_error', 'Invalid URL']]);
});

test('invariant 8, own faults: a metric that cannot be observed is 500 on /metrics, logged and counted, until it can be', async (t) => {
  t.after(() => diag.disable());
  await using server = await httpServer();
  await using run = await startApp([target(server.url(), OFTEN)]);
  await run.scrapeUntil((series) => seriesAbout(server.url(), series).get('up') === 1, 'it is up');
  const broken = t.mock.method(metricNamed('sample.external_url.redirects'), 'observe', () => {
    throw new Error('it broke');
  });
  const { status, body } = await scrape(run);
  assert.equal(status, 500);
  assert.doesNotMatch(body, /sample_external_url|it broke/);
  assert.deepEqual(errorsLogged(run), ['a request failed']);
  assert.match(JSON.stringify(run.log.lines.at(-1)?.fields), /"path":"\/metrics"/);
  assert.equal(await run.status('/-/healthy'), 200);
  broken.mock.restore();
  const series = await run.scrape();
  assert.equal(series.get('external_url_exporter_collection_errors_total'), 1);
  assert.equal(seriesAbout(server.url(), series).get('redirects'), 0);
});

test('own faults: a metric that cannot be observed is missing over OTLP, alone, and is in the log', async (t) => {
  t.after(() => diag.disable());
  await using receiver = await otlpReceiver();
  await using server = await httpServer();
  const { settings: otel } = readOtelSettings(pushEverySecondTo(receiver));
  await using run = await startApp([target(server.url(), OFTEN)], { otel });
  const has = (name: string) => linesOf(receiver.pushes.at(-1)).some((line) => line.startsWith(`${name}{`));
  await until(() => has('sample_external_url_redirects'), 'everything is pushed');
  t.mock.method(metricNamed('sample.external_url.redirects'), 'observe', () => {
    throw new Error('it broke');
  });
  await until(() => !has('sample_external_url_redirects'), 'it is missing');
  for (const name of ['up', 'response_ms', 'body_bytes', 'probes_total']) {
    assert.ok(has(`sample_external_url_${name}`), name);
  }
  await until(() => errorsLogged(run).length > 0, 'it is logged');
  assert.deepEqual(errorsLogged(run), ['OpenTelemetry']);
});

test('own faults: a text of metrics that cannot be made is 500, logged and counted, and no scrape hangs', async (t) => {
  await using run = await startApp([]);
  const broken = serializerFails(t);
  const answers = await Promise.all([scrape(run), scrape(run), scrape(run)]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [500, 500, 500],
  );
  assert.ok(errorsLogged(run).length > 0);
  broken.mock.restore();
  const errors = (await run.scrape()).get('external_url_exporter_collection_errors_total') ?? 0;
  assert.ok(errors >= 1 && errors <= 3, `${errors} collections failed for three scrapes`);
});

function serializerFails(t: TestContext) {
  return t.mock.method(PrometheusSerializer.prototype, 'serialize', () => {
    throw new Error('no text');
  });
}
