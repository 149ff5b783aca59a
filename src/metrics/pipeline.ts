import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { OtelSettings } from '../config/command-line/otel.ts';
import type { Log } from '../log.ts';
import { nowMs } from '../runtime/clock.ts';
import { ThreadWatch } from '../runtime/thread-watch.ts';
import type { ResultsMessage } from '../schedule/messages.ts';
import type { Cache } from '../state/cache.ts';
import { collect } from './collection.ts';
import { exposition } from './exposition.ts';
import { DurationHistogram } from './histogram.ts';
import type { Push } from './otlp/push.ts';
import type { ReloadFigures } from './own-metrics.ts';
import { SingleFlight } from './single-flight.ts';
import { ThreadTotals } from './thread-totals.ts';

/** What the pipeline is made with. */
export type PipelineOptions = {
  readonly cache: Cache;
  readonly reloadFigures: () => ReloadFigures;
  readonly otel: OtelSettings;
  readonly log: Log;
};

const WATCH_EVERY_MS = 1000;
// A collection of so few targets is short.
const FEW_TARGETS = 100;

/** From the cache to Prometheus and to OTLP: the same instruments over the same cache. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #threads = new ThreadTotals();
  readonly #watch = new ThreadWatch();
  readonly #watching: NodeJS.Timeout;
  readonly #text = new SingleFlight(() => this.#makeText());
  #collectionErrors = 0;
  #keys: ReadonlySet<string> = new Set();
  #histogram: DurationHistogram | undefined;
  #push: Push | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#watchMain();
    this.#watching = setInterval(() => this.#watchMain(), WATCH_EVERY_MS).unref();
  }

  /** Whether Prometheus may scrape; if not, there is no /metrics. */
  get isScraped(): boolean {
    return this.#options.otel.pull;
  }

  /** Starts to push, if the settings say so; rejects with one clear sentence if it cannot. */
  async start(): Promise<void> {
    const { push, resourceAttributes } = this.#options.otel;
    if (push === undefined) return;
    // Loaded only if needed: it is as much code as the rest of the metrics.
    const { startPush } = await import('./otlp/push.ts');
    const { log } = this.#options;
    this.#push = await startPush({ push, resourceAttributes, collect: () => this.#pages(), log });
  }

  /** The Prometheus text of this moment: one collection for all scrapes at the same time; rejects on any error. */
  scrape(): Promise<Buffer> {
    return this.#text.get();
  }

  /** Records what the probing thread sent, after the cache has. */
  record({ results, thread }: ResultsMessage): void {
    this.#threads.record('probing', thread, nowMs());
    if (this.#histogram === undefined) return;
    for (const result of results) {
      const state = this.#options.cache.state(result.key);
      if (state !== undefined) this.#histogram.record(state, result);
    }
  }

  /** Follows a reload, in the turn in which the cache got its targets: a removed target must not be exported again. */
  follow(bucketsMs: readonly number[] = []): void {
    const keys = new Set([...this.#options.cache.states()].map(({ target }) => target.key));
    const isRemoved = [...this.#keys].some((key) => !keys.has(key));
    this.#keys = keys;
    this.#text.forget();
    if (bucketsMs.length === 0) this.#histogram = undefined;
    else if (isRemoved || this.#histogram?.hasBuckets(bucketsMs) !== true)
      this.#histogram = new DurationHistogram(bucketsMs);
  }

  /** Pushes once more and ends within this time, whatever the Collector does. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.#watching);
    this.#watch.stop();
    await this.#push?.stop(withinMs);
  }

  async #makeText(): Promise<Buffer> {
    try {
      return await exposition(this.#pages());
    } catch (error) {
      this.#collectionErrors += 1;
      throw error;
    }
  }

  async *#pages(): AsyncGenerator<CollectionResult> {
    const { cache, reloadFigures } = this.#options;
    const histogram = this.#histogram;
    if (cache.targets > FEW_TARGETS) this.#watch.wake();
    yield* collect({
      cache,
      reload: reloadFigures(),
      collectionErrors: this.#collectionErrors,
      threads: this.#threads.figures(nowMs()),
    });
    if (histogram !== undefined) yield await histogram.collect();
  }

  #watchMain(): void {
    this.#threads.record('main', this.#watch.take(), nowMs());
  }
}
