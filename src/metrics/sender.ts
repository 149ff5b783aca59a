import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../config/otel.ts';
import type { Log } from '../log.ts';
import { nowMs } from '../probe/clock.ts';
import type { OtlpExporter } from './otlp-exporter.ts';
import { partsOf } from './parts.ts';
import { reasonOf } from './reason.ts';

// Half of what the Collector takes over gRPC by default, a tenth of what it takes over HTTP.
const MAX_PART_BYTES = 2 * 1024 * 1024;

/** Sends metrics in parts that a Collector takes, before a deadline, and logs when that begins to fail and works again. */
export class Sender implements PushMetricExporter {
  readonly #otlp: OtlpExporter;
  readonly #settings: PushSettings;
  readonly #log: Log;
  #failingSinceMs: number | undefined;
  #endMs = Number.POSITIVE_INFINITY;
  #latest: AbortController | undefined;

  constructor(otlp: OtlpExporter, settings: PushSettings, log: Log) {
    this.#otlp = otlp;
    this.#settings = settings;
    this.#log = log;
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    // A failure has been told by then; the reader would tell it each time.
    void this.#sendAll(metrics).then(() => done({ code: ExportResultCode.SUCCESS }));
  }

  /** From now on everything ends within this time: what is being sent has half of it, to leave some for what is to come. */
  endWithin(ms: number): void {
    this.#endMs = nowMs() + ms;
    const latest = this.#latest;
    setTimeout(() => latest?.abort(), ms / 2).unref();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    this.#otlp.abort();
    // Not waited for, as it waits for what has been given up.
    void this.#otlp.exporter.shutdown();
    return Promise.resolve();
  }

  async #sendAll(metrics: ResourceMetrics): Promise<void> {
    const latest = new AbortController();
    this.#latest = latest;
    const leftMs = Math.max(0, this.#endMs - nowMs());
    const withinMs = Math.min(this.#settings.exportTimeoutMs, leftMs);
    const timer = setTimeout(() => latest.abort(), withinMs);
    let failure: string | undefined;
    for (const part of partsOf(metrics, MAX_PART_BYTES)) {
      failure = await this.#send(part, latest.signal);
      // The next part would fare no better, and take as long.
      if (failure !== undefined) break;
    }
    clearTimeout(timer);
    this.#tell(failure);
  }

  #send(part: ResourceMetrics, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const giveUp = () => {
        resolve('no answer in time');
        this.#otlp.abort();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#otlp.exporter.export(part, ({ code, error }) => {
        signal.removeEventListener('abort', giveUp);
        resolve(code === ExportResultCode.SUCCESS ? undefined : reasonOf(error, this.#settings.headers));
      });
    });
  }

  #tell(reason: string | undefined): void {
    const endpoint = endpointOf(this.#settings);
    const failedForMs = Math.round(nowMs() - (this.#failingSinceMs ?? nowMs()));
    if (reason !== undefined && this.#failingSinceMs === undefined) {
      this.#failingSinceMs = nowMs();
      this.#log.warn({ endpoint, reason }, 'pushing metrics fails');
    } else if (reason === undefined && this.#failingSinceMs !== undefined) {
      this.#failingSinceMs = undefined;
      this.#log.info({ endpoint, failedForMs }, 'pushing metrics works again');
    }
  }
}

/** Where is pushed to, for the log: keys are often given in the query. */
export function endpointOf({ endpoint }: PushSettings): string {
  return endpoint.replace(/\?.*/s, '');
}
