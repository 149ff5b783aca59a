import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { partsOf } from '../../../../src/metrics/otlp/parts.ts';
import { batch, resultOf, scraped } from '../../../support/scrape.ts';
import { target } from '../../../support/target.ts';

async function collected(targets: number): Promise<ResourceMetrics> {
  const all = Array.from({ length: targets }, (_, index) =>
    target(`http://${index}.test/${'ä'.repeat(100)}`),
  );
  const { cache, collect } = scraped(all);
  const results = all.map((its) => resultOf(its));
  cache.record(batch(results), results.at(-1)?.endedMs ?? 0);
  return (await collect()).resourceMetrics;
}

async function* arriving(scopes: readonly ScopeMetrics[]): AsyncGenerator<ScopeMetrics> {
  yield* scopes;
}

function pointsOf({ scopeMetrics }: ResourceMetrics): string[] {
  return scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => JSON.stringify([descriptor.name, attributes, value])),
    ),
  );
}

for (const maxBytes of [1, 2000, 30_000, 10_000_000]) {
  test(`parts: with ${maxBytes} bytes every point comes once, in its order, and no part is empty`, async () => {
    const metrics = await collected(20);
    const { resource, scopeMetrics } = metrics;
    const parts = await Array.fromAsync(partsOf(resource, arriving(scopeMetrics), maxBytes));
    assert.deepEqual(parts.flatMap(pointsOf), pointsOf(metrics));
    for (const part of parts) {
      const points = pointsOf(part);
      assert.ok(points.length > 0);
      assert.ok(points.length === 1 || Buffer.byteLength(points.join('')) <= maxBytes);
      assert.ok(
        part.scopeMetrics.every((scope) => scope.metrics.every(({ dataPoints }) => dataPoints.length > 0)),
      );
      assert.equal(part.resource, metrics.resource);
    }
    if (maxBytes === 1) assert.equal(parts.length, pointsOf(metrics).length);
    if (maxBytes === 10_000_000) assert.equal(parts.length, 1);
  });
}

test('parts: without metrics there is no part', async () => {
  const { resource } = await collected(0);
  assert.deepEqual(await Array.fromAsync(partsOf(resource, arriving([]), 1000)), []);
});

test('parts: no page is collected before the part that needs it', async () => {
  const { resource, scopeMetrics } = await collected(1);
  let asked = 0;
  async function* pages() {
    for (; asked < 5; asked += 1) yield* scopeMetrics;
  }
  const seen: number[] = [];
  for await (const _ of partsOf(resource, pages(), 10_000)) seen.push(asked);
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
});
