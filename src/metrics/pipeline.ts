import type { OtelSettings } from '../config/otel.ts';
import type { Log } from '../log.ts';
import { nowMs } from '../probe/clock.ts';
import type { Cache } from '../schedule/cache.ts';
import type { FromProber } from '../schedule/messages.ts';
import { ThreadWatch } from '../schedule/thread.ts';
import { durationHistogram, type RecordDuration } from './histogram.ts';
import type { AppFacts } from './instruments.ts';
import { createProvider, meterOf } from './provider.ts';
import { PullReader } from './pull.ts';
import type { Push } from './push.ts';
import { withStartTimes } from './start-time.ts';
import { Threads } from './threads.ts';

/** What the pipeline works with. */
export type PipelineOptions = {
  readonly cache: Cache;
  readonly appFacts: () => Omit<AppFacts, 'collectionErrors'>;
  readonly otel: OtelSettings;
  readonly log: Log;
};

/** One provider with the reader that serves both ways out; a new one takes its place when series have to end. */
type Line = { readonly reader: PullReader; readonly recordDuration: RecordDuration | undefined };

const WATCH_EVERY_MS = 1000;

/** From the cache to Prometheus and to OTLP: the same instruments, and the same collection if both ask at once. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #threads = new Threads();
  readonly #watch = new ThreadWatch();
  readonly #watching: NodeJS.Timeout;
  #collectionErrors = 0;
  #bucketsMs: readonly number[] = [];
  #keys: ReadonlySet<string> = new Set();
  #line: Line;
  #push: Push | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#line = this.#newLine();
    this.#watchMain();
    this.#watching = setInterval(() => this.#watchMain(), WATCH_EVERY_MS).unref();
  }

  /** Whether Prometheus may scrape; if not, there is no /metrics. */
  get isScraped(): boolean {
    return this.#options.otel.pull;
  }

  /** Begins to push, if that is wanted; rejects with one clear sentence if it cannot. */
  async start(): Promise<void> {
    const { push, resourceAttributes } = this.#options.otel;
    if (push === undefined) return;
    // Costs as much to load as the rest of the metrics together.
    const { startPush } = await import('./push.ts');
    const collect = async () => {
      const { resourceMetrics, errors } = await this.#line.reader.collect();
      return { resourceMetrics: withStartTimes(resourceMetrics), errors };
    };
    this.#push = await startPush({ push, resourceAttributes, collect, log: this.#options.log });
  }

  /** The Prometheus text of this moment; rejects on any error in its collection. */
  scrape(): Promise<string> {
    return this.#line.reader.scrape();
  }

  /** Takes in what the prober has sent, after the cache has. */
  record({ results, thread }: FromProber): void {
    this.#threads.record('probing', thread, nowMs());
    const { recordDuration } = this.#line;
    if (recordDuration === undefined) return;
    for (const result of results) {
      const state = this.#options.cache.state(result.key);
      if (state !== undefined) recordDuration(state, result);
    }
  }

  /** Follows a reload, in the same turn in which the cache got its targets: removed ones must not be told once more. */
  follow(bucketsMs: readonly number[] = []): void {
    const keys = new Set([...this.#options.cache.states()].map(({ target }) => target.key));
    const isRemoved = [...this.#keys].some((key) => !keys.has(key));
    const isRebucketed = bucketsMs.join() !== this.#bucketsMs.join();
    this.#keys = keys;
    this.#bucketsMs = bucketsMs;
    if (isRemoved || isRebucketed) this.renew();
  }

  /** Swaps to a new provider over the same cache: the SDK never lets go of a series it has seen. */
  renew(): void {
    this.#line = this.#newLine();
  }

  /** Pushes what there is once more and ends, within this time whatever the Collector does. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.#watching);
    this.#watch.stop();
    await this.#push?.stop(withinMs);
  }

  #newLine(): Line {
    const { cache, appFacts } = this.#options;
    const reader = new PullReader(() => {
      this.#collectionErrors += 1;
    });
    const provider = createProvider([reader], {
      cache,
      appFacts: () => ({ ...appFacts(), collectionErrors: this.#collectionErrors }),
      threads: this.#threads,
    });
    const hasHistogram = this.#bucketsMs.length > 0;
    return {
      reader,
      recordDuration: hasHistogram ? durationHistogram(meterOf(provider), this.#bucketsMs) : undefined,
    };
  }

  #watchMain(): void {
    this.#threads.record('main', this.#watch.take(), nowMs());
  }
}
