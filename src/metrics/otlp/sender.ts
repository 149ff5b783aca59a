import { ExportResultCode } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../../config/command-line/otel.ts';
import type { Log } from '../../log.ts';
import { nowMs } from '../../runtime/clock.ts';
import type { OtlpExporter } from './exporter.ts';
import { reasonOf } from './reason.ts';

/** Sends metrics part by part, before a deadline, and logs when that begins to fail and works again. */
export class Sender {
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

  /** Sends one part after the other, each made once the one before has arrived; a failure ends that and is logged. */
  async send(parts: AsyncIterable<ResourceMetrics>): Promise<void> {
    const latest = new AbortController();
    this.#latest = latest;
    const leftMs = Math.max(0, this.#endMs - nowMs());
    const withinMs = Math.min(this.#settings.exportTimeoutMs, leftMs);
    const timer = setTimeout(() => latest.abort(), withinMs);
    try {
      this.#tell(await this.#sendAll(parts, latest.signal));
    } finally {
      clearTimeout(timer);
    }
  }

  /** From now on everything ends within this time: what is being sent has half of it, to leave some for what is to come. */
  endWithin(ms: number): void {
    this.#endMs = nowMs() + ms;
    const latest = this.#latest;
    setTimeout(() => latest?.abort(), ms / 2).unref();
  }

  /** Gives up what is being sent. */
  shutdown(): void {
    this.#otlp.abort();
    // Not waited for, as it waits for what has been given up.
    void this.#otlp.exporter.shutdown();
  }

  async #sendAll(parts: AsyncIterable<ResourceMetrics>, signal: AbortSignal): Promise<string | undefined> {
    for await (const part of parts) {
      const failure = await this.#sendPart(part, signal);
      // The next part would fare no better, and take as long.
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #sendPart(part: ResourceMetrics, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const giveUp = () => {
        resolve('no answer in time');
        this.#otlp.abort();
      };
      if (signal.aborted) return giveUp();
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
