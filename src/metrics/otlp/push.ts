import { randomUUID } from 'node:crypto';
import { diag } from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import type { CollectionResult, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../../config/command-line/otel.ts';
import type { Log } from '../../log.ts';
import { nowMs } from '../../runtime/clock.ts';
import { VERSION } from '../../version.ts';
import { loadExporter } from './exporter.ts';
import { partsOf } from './parts.ts';
import { endpointOf, Sender } from './sender.ts';
import { withStartTimes } from './start-time.ts';

/** What pushing is made with. */
export type PushOptions = {
  readonly push: PushSettings;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Collects the metrics, page by page. */
  readonly collect: () => AsyncIterable<CollectionResult>;
  readonly log: Log;
};

/** Pushes at every interval until it is stopped. */
export type Push = {
  /** Pushes once more and ends, within this time. */
  stop(withinMs: number): Promise<void>;
};

// Half of what the Collector accepts over gRPC by default, a tenth of what it accepts over HTTP.
const MAX_PART_BYTES = 2 * 1024 * 1024;

/** Starts to push; rejects with one clear sentence if it cannot. Each page is collected just before it is sent. */
export async function startPush({ push, resourceAttributes, collect, log }: PushOptions): Promise<Push> {
  const sender = new Sender(await loadExporter(push), push, log);
  const resource = resourceOf(resourceAttributes);
  const send = (withinMs: number) =>
    sender.send(partsOf(resource, scopesOf(collect()), MAX_PART_BYTES), withinMs);
  let current: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A push that takes longer than the interval delays the next.
    current ??= send(push.exportTimeoutMs).finally(() => {
      current = undefined;
    });
  }, push.intervalMs).unref();
  log.info({ endpoint: endpointOf(push), protocol: push.protocol }, 'pushing metrics');
  return {
    async stop(withinMs) {
      clearInterval(timer);
      const endMs = nowMs() + withinMs;
      // The current push gets half of the time, so that some is left for the last one.
      const half = setTimeout(() => sender.giveUp(), withinMs / 2);
      await current;
      clearTimeout(half);
      await send(Math.min(push.exportTimeoutMs, endMs - nowMs()));
      sender.shutdown();
    },
  };
}

// A metric that cannot be collected is left out and logged.
async function* scopesOf(pages: AsyncIterable<CollectionResult>): AsyncGenerator<ScopeMetrics> {
  for await (const { resourceMetrics, errors } of pages) {
    if (errors.length > 0) diag.error('some metrics could not be collected for the push', ...errors);
    yield* resourceMetrics.scopeMetrics.map(withStartTimes);
  }
}

/** @see https://opentelemetry.io/docs/specs/semconv/resource/service/ */
function resourceOf(attributes: Readonly<Record<string, string>>) {
  const own = { 'service.version': VERSION, 'service.instance.id': randomUUID() };
  return defaultResource().merge(resourceFromAttributes({ ...own, ...attributes }));
}
