import { setImmediate as nextTurn } from 'node:timers/promises';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, type CollectionResult, InstrumentType } from '@opentelemetry/sdk-metrics';

const LAYOUT = { withoutScopeInfo: true, withoutTargetInfo: true } as const;

/**
 * The only reader of the provider: it makes the text of /metrics, and what is pushed is collected through it as well.
 * With a reader of its own a push would tell what a scrape had recorded there, of targets that have ended since.
 */
export class PullReader extends PrometheusExporter {
  readonly #text = new PrometheusSerializer(
    '',
    false,
    undefined,
    LAYOUT.withoutTargetInfo,
    LAYOUT.withoutScopeInfo,
  );
  readonly #onError: () => void;
  #shared: Promise<string> | undefined;
  #underway: Promise<CollectionResult> | undefined;
  #collectedAtMs = 0;

  /** `onError` is called once for each collection for a text that fails. */
  constructor(onError: () => void) {
    super({ preventServerStart: true, ...LAYOUT });
    this.#onError = onError;
  }

  /** The Prometheus text of this moment, one collection for all who ask at once; rejects on any error in it. */
  scrape(): Promise<string> {
    this.#shared ??= this.#collectForAll();
    return this.#shared;
  }

  // What two collections at once observe would go to the one that ends first, and be missing in the other.
  override collect(): Promise<CollectionResult> {
    this.#underway ??= this.#collectAlone();
    return this.#underway;
  }

  // Cumulative would go on serving a gauge that is no longer observed (opentelemetry-js issue 4096).
  override selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    if (type === InstrumentType.OBSERVABLE_GAUGE) return AggregationTemporality.DELTA;
    return super.selectAggregationTemporality(type);
  }

  // The default folds everything above 2000 series into one; ours are bounded by the configuration.
  override selectCardinalityLimit(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  async #collectAlone(): Promise<CollectionResult> {
    try {
      // A gauge keeps its older value once if the wall clock was set back: the SDK goes by its sample time.
      if (Date.now() < this.#collectedAtMs) await super.collect();
      this.#collectedAtMs = Date.now();
      return await super.collect();
    } finally {
      this.#underway = undefined;
    }
  }

  async #collectForAll(): Promise<string> {
    try {
      return await this.#exposition();
    } catch (error) {
      this.#onError();
      throw error;
    } finally {
      void this.#release();
    }
  }

  // A collection blocks the loop, and scrapes that came meanwhile are read only in the turns after it.
  async #release(): Promise<void> {
    await nextTurn();
    await nextTurn();
    this.#shared = undefined;
  }

  async #exposition(): Promise<string> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'the collection of the metrics failed');
    const text = this.#text.serialize(resourceMetrics);
    return text.endsWith('\n') ? text : `${text}\n`;
  }
}
