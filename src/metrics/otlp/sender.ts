import { ExportResultCode } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { PushSettings } from '../../config/command-line/otel.ts';
import { HIDDEN } from '../../config/file/secret.ts';
import type { Log } from '../../log.ts';
import { nowMs } from '../../runtime/clock.ts';
import type { OtlpExporter } from './exporter.ts';

const MAX_REASON_LENGTH = 300;
// Shorter parts of a header, such as a "1", are everywhere.
const MIN_SECRET_LENGTH = 4;

/** Sends metrics part by part, and logs once when that starts to fail and once when it works again. */
export class Sender {
  readonly #otlp: OtlpExporter;
  readonly #settings: PushSettings;
  readonly #log: Log;
  #current = new AbortController();
  #failingSinceMs: number | undefined;

  constructor(otlp: OtlpExporter, settings: PushSettings, log: Log) {
    this.#otlp = otlp;
    this.#settings = settings;
    this.#log = log;
  }

  /** Sends each part after the one before has arrived, until one fails or the time is over; it never rejects. */
  async send(parts: AsyncIterable<ResourceMetrics>, withinMs: number): Promise<void> {
    const current = new AbortController();
    this.#current = current;
    const timer = setTimeout(() => current.abort(), withinMs);
    try {
      // After a failure the next part would fail as well, and take as long.
      for await (const part of parts) await this.#sendPart(part, current.signal);
      this.#logSuccess();
    } catch (error) {
      this.#logFailure(reasonOf(error, this.#settings.headers));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the sending in progress as if its time were over. */
  giveUp(): void {
    this.#current.abort();
  }

  shutdown(): void {
    this.#otlp.abort();
    // Not awaited: it waits for requests that were given up.
    void this.#otlp.exporter.shutdown();
  }

  #sendPart(part: ResourceMetrics, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(new Error('no answer in time'));
        this.#otlp.abort();
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#otlp.exporter.export(part, ({ code, error }) => {
        signal.removeEventListener('abort', giveUp);
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error);
      });
    });
  }

  #logFailure(reason: string): void {
    if (this.#failingSinceMs !== undefined) return;
    this.#failingSinceMs = nowMs();
    this.#log.warn({ endpoint: endpointOf(this.#settings), reason }, 'pushing metrics fails');
  }

  #logSuccess(): void {
    if (this.#failingSinceMs === undefined) return;
    const failedForMs = Math.round(nowMs() - this.#failingSinceMs);
    this.#failingSinceMs = undefined;
    this.#log.info({ endpoint: endpointOf(this.#settings), failedForMs }, 'pushing metrics works again');
  }
}

/** Where metrics are pushed to, for the log: without the query, which often has a key. */
export function endpointOf({ endpoint }: PushSettings): string {
  return endpoint.replace(/\?.*/s, '');
}

/** Why a push failed, in one line and without the values of `headers`, which a Collector may send back. */
export function reasonOf(error: unknown, headers: Readonly<Record<string, string>>): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const text = [message.includes(code) ? '' : code, message].filter((part) => part !== '').join(' ');
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  return secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .reduce((line, secret) => line.replaceAll(secret, HIDDEN), text || 'no reason was given')
    .replace(/\s+/g, ' ')
    .slice(0, MAX_REASON_LENGTH);
}

// The status of HTTP, the code of gRPC, or that of the operating system.
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
