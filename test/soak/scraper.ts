import { setTimeout as pause } from 'node:timers/promises';
import { isAllowed } from './comparison.ts';
import type { Aim } from './plan.ts';
import { type ProbeCounts, readProbeCounts, readValue } from './probe-counts.ts';
import type { Wrong } from './stalls.ts';
import type { Answered, Subject } from './subject.ts';

const EVERY_MS = 1000;
const MOST_FAULTS = 20;

/** Scrapes every second, as Prometheus would, and looks for what must not be. */
export class Scraper {
  readonly #subject: Subject;
  readonly #kinds = new Map<string, Aim['kind']>();
  #before: ProbeCounts = new Map();
  readonly faults: string[] = [];
  readonly wrong: Wrong[] = [];
  readonly residentBytes: number[] = [];
  scrapes = 0;
  slowestMs = 0;
  bytes = 0;
  lagSeconds = 0;
  /** The certificate of the latest scrape. */
  serial = '';

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** These may be exported from now on; targets that were removed are exported until the reload is done. */
  know(aims: readonly Aim[]): void {
    for (const { url, kind } of aims) this.#kinds.set(url, kind);
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const startMs = performance.now();
      await this.#look().catch((error) => this.#fault(`a scrape failed: ${error}`));
      await pause(Math.max(0, EVERY_MS - (performance.now() - startMs)));
    }
  }

  async #look(): Promise<void> {
    const startMs = performance.now();
    const isGzip = this.scrapes % 2 === 1;
    const answered = await this.#subject.ask(
      '/metrics',
      isGzip ? { headers: { 'accept-encoding': 'gzip' } } : {},
    );
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startMs);
    this.scrapes += 1;
    this.residentBytes.push(await this.#subject.residentBytes());
    this.#take(answered);
  }

  #take({ status, body, serial }: Answered): void {
    this.serial = serial;
    this.bytes = body.length;
    if (status !== 200) {
      this.#fault(`/metrics answered ${status}: ${body.slice(0, 200)}`);
      return;
    }
    this.lagSeconds = Math.max(
      this.lagSeconds,
      readValue(body, 'external_url_exporter_schedule_lag_seconds'),
    );
    const exported = readProbeCounts(body);
    for (const [url, counts] of exported) {
      for (const [result, count] of counts) this.#check(url, result, count);
    }
    this.#before = exported;
  }

  #check(url: string, result: Parameters<typeof isAllowed>[0], count: number): void {
    const before = this.#before.get(url)?.get(result) ?? 0;
    if (count === before) return;
    const kind = this.#kinds.get(url);
    const series = `${url}, ${result}`;
    if (kind === undefined) this.#fault(`${series}: is exported, but was never a target`);
    else if (count < before) this.#fault(`${series}: fell from ${before} to ${count}`);
    else if (!isAllowed(result, kind.results)) {
      const wrong = { url, kind: kind.name, result, times: count - before };
      this.wrong.push({ ...wrong, seenAtMs: Date.now() });
    }
  }

  #fault(fault: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(`scrape ${this.scrapes}: ${fault}`);
  }
}
