import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sortedSamples } from '../support/exposition.ts';
import type { OtlpPoint } from '../support/otlp-points.ts';
import { type OtlpReceiver, otlpGrpcReceiver, otlpReceiver } from '../support/otlp-receiver.ts';
import { linesOf, pushEverySecondTo, startPipeline } from '../support/running-pipeline.ts';
import { dnsError, resultOf } from '../support/scrape.ts';
import { target } from '../support/target.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

const ONE = target('http://one.test/"quoted"\\path', { labels: { team: 'a' } });
const TWO = target('https://two.test/ä');

/** Lines without the values that differ between two collections of one moment: processor, memory and threads go on. */
function withoutMoving(lines: readonly string[] = []): readonly string[] {
  return lines.map((line) =>
    line.replace(/^((?:process_(?:cpu|resident|open)|\w+(?:delay|gc|heap)).* ).*$/, '$1'),
  );
}

function pointsNamed(name: string, { points }: { readonly points: readonly OtlpPoint[] } = { points: [] }) {
  return points.filter(({ lines }) => lines.some((line) => line.startsWith(`${name}{`)));
}

const protocols: readonly [string, Readonly<Record<string, string>>, () => Promise<OtlpReceiver>, string][] =
  [
    ['http/protobuf', {}, otlpReceiver, '/v1/metrics'],
    ['http/protobuf with gzip', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, otlpReceiver, '/v1/metrics'],
    ['http/json', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, otlpReceiver, '/v1/metrics'],
    [
      'grpc',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      otlpGrpcReceiver,
      '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    ],
    [
      'grpc with gzip',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
      otlpGrpcReceiver,
      '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    ],
  ];

describe('push, protocols', { concurrency: true }, () => {
  for (const [protocol, env, start, path] of protocols) {
    test(`invariant 10, push, ${protocol}: names, labels and numbers are those of /metrics, and the resource says who we are`, async () => {
      await using receiver = await start();
      await using run = await startPipeline([ONE, TWO], {
        ...env,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20let-me-in,x-tenant=blue',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      });
      run.setTargets([ONE, TWO], [10, 100, 1000]);
      run.record(resultOf(ONE), dnsError(TWO), resultOf(ONE, { responseMs: 12.5 }));
      const scraped = sortedSamples(await run.scrape());
      await run.pipeline.stop(PATIENCE_MS);
      const push = receiver.pushes.at(-1);
      assert.deepEqual(withoutMoving(linesOf(push)), withoutMoving(scraped));
      assert.ok(scraped.some((line) => line.includes('duration_ms_bucket{') && line.endsWith('le="100"} 1')));
      assert.equal(push?.path, path);
      assert.equal(push?.headers.authorization, 'Bearer let-me-in');
      assert.equal(push?.headers['x-tenant'], 'blue');
      const { 'service.instance.id': instance, ...resource } = Object.fromEntries(push?.resource ?? []);
      assert.match(instance ?? '', /^[0-9a-f-]{36}$/);
      assert.equal(resource['service.name'], 'external-url-exporter');
      assert.match(resource['service.version'] ?? '', /^\d+\.\d+\.\d+/);
      assert.equal(resource['deployment.environment.name'], 'test');
      assert.deepEqual(
        run.log.lines.filter(({ level }) => level !== 'info'),
        [],
      );
    });
  }
});

describe('push, what has ended', { concurrency: true }, () => {
  for (const between of ['a scrape', 'no scrape']) {
    test(`invariant 7, a target that was removed is not exported once more on either way, with ${between} just before`, async () => {
      await using receiver = await otlpReceiver();
      await using run = await startPipeline([ONE, TWO], pushEverySecondTo(receiver));
      run.setTargets([ONE, TWO], [100]);
      run.record(resultOf(ONE), resultOf(TWO));
      await until(
        () => linesOf(receiver.pushes.at(-1)).some((line) => line.includes('two.test')),
        'two is pushed',
      );
      if (between === 'a scrape') await run.scrape();
      run.setTargets([ONE], [100]);
      const removedAtMs = Date.now();
      assert.doesNotMatch(await run.scrape(), /two\.test/);
      // Of the targets those that are left go on.
      await until(() => (receiver.pushes.at(-1)?.points[0]?.endMs ?? 0) > removedAtMs, 'it is pushed again');
      const after = receiver.pushes.filter(({ points }) => (points[0]?.endMs ?? 0) > removedAtMs);
      assert.ok(after.length > 0);
      for (const push of after) {
        assert.ok(!linesOf(push).some((line) => line.includes('two.test')));
        assert.ok(linesOf(push).some((line) => line.includes('one.test')));
      }
    });
  }

  test('what a scrape has seen of a target is not pushed when the target has lost it since', async () => {
    await using receiver = await otlpReceiver();
    await using run = await startPipeline([TWO], pushEverySecondTo(receiver));
    await until(() => receiver.pushes.length > 0, 'there is a push');
    run.record(resultOf(TWO));
    assert.match(await run.scrape(), /status_code/);
    run.record(dnsError(TWO));
    const before = receiver.pushes.length;
    await until(() => receiver.pushes.length > before, 'there is another push');
    const lines = linesOf(receiver.pushes.at(-1));
    assert.ok(lines.some((line) => line.startsWith('sample_external_url_up{') && line.endsWith(' 0')));
    assert.ok(!lines.some((line) => line.startsWith('sample_external_url_status_code')));
  });
});

test('push, start times: a counter begins when its target was added, and keeps that when others are removed', async () => {
  const beforeMs = Date.now();
  await using receiver = await otlpReceiver();
  await using run = await startPipeline([ONE, TWO], pushEverySecondTo(receiver));
  run.record(resultOf(ONE), resultOf(TWO));
  const addedMs = Date.now();
  const probesOfOne = () =>
    pointsNamed('sample_external_url_probes_total', receiver.pushes.at(-1)).find(({ lines }) =>
      lines.some((line) => line.includes('one.test')),
    );
  await until(() => probesOfOne()?.lines[0]?.endsWith(' 1') === true, 'one is pushed');
  const first = probesOfOne();
  assert.ok(first?.startMs !== undefined && first.startMs >= beforeMs && first.startMs <= addedMs);
  run.setTargets([ONE]);
  run.record(resultOf(ONE));
  await until(() => probesOfOne()?.lines[0]?.endsWith(' 2') === true, 'one is pushed by the new provider');
  const second = probesOfOne();
  assert.equal(second?.startMs, first.startMs);
  assert.ok(second !== undefined && second.endMs > first.endMs);
  const own = receiver.pushes
    .at(-1)
    ?.points.find(({ lines }) => lines[0]?.startsWith('external_url_exporter_probes_skipped_total'));
  assert.ok(own?.startMs !== undefined && Math.abs(own.startMs - performance.timeOrigin) < 1);
});

test('push, parts: what is much is sent in requests that a Collector takes, and nothing of it is lost', async () => {
  await using receiver = await otlpReceiver();
  const long = 'x'.repeat(2000);
  const targets = Array.from({ length: 500 }, (_, index) => target(`http://${index}.test/${long}`));
  await using run = await startPipeline(targets, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  run.record(...targets.map((its) => resultOf(its)));
  const missing = new Set(sortedSamples(await run.scrape()).filter((line) => line.startsWith('sample_')));
  const expected = missing.size;
  await run.pipeline.stop(30_000);
  const pushed = receiver.pushes.flatMap(linesOf).filter((line) => line.startsWith('sample_'));
  for (const line of pushed) missing.delete(line);
  assert.deepEqual([pushed.length, missing.size], [expected, 0]);
  assert.ok(receiver.pushes.length >= 5, `${receiver.pushes.length} parts`);
  for (const { size } of receiver.pushes) assert.ok(size < 4 * 1024 * 1024, `${size} bytes`);
});
