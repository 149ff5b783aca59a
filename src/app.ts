import { ChangeLog } from './change-log.ts';
import type { Config } from './config/config.ts';
import type { Loaded } from './config/load.ts';
import type { Options } from './config/options.ts';
import { OPEN_WEB_CONFIG, type WebConfig } from './config/web-config.ts';
import type { Log } from './log.ts';
import { collectGarbage } from './memory.ts';
import { goAfterProbing } from './priority.ts';
import { nowMs } from './probe/clock.ts';
import { Reloader } from './reload.ts';
import { Cache } from './schedule/cache.ts';
import type { FromProber } from './schedule/messages.ts';
import { ownTargets } from './schedule/place.ts';
import { Prober } from './schedule/prober.ts';
import { Readiness } from './schedule/readiness.ts';
import { transitionsOf } from './schedule/transition.ts';
import type { Telling } from './telling.ts';
import type { ListenAddress } from './web/server.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long will not come back by itself.
const STALLED_MS = 10_000;

/** What the service is made of. */
export type AppParts = {
  readonly config: Config;
  readonly options: Options;
  readonly log: Log;
  /** Reads the config anew, for a reload. */
  readonly load: () => Promise<Loaded>;
  /** Plain HTTP for everybody without one. */
  readonly webConfig?: WebConfig;
  /** Another entry of the probing thread, for tests. */
  readonly proberEntry?: URL;
};

/** The running service: the probing half behind the prober, and the telling half. */
export class App {
  readonly #cache = new Cache();
  readonly #parts: AppParts;
  readonly #changes: ChangeLog;
  readonly #prober: Prober;
  readonly #reloader: Reloader;
  #telling: Telling | undefined;
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor(parts: AppParts) {
    const { config, log, load, proberEntry } = parts;
    this.#parts = parts;
    this.#prober = new Prober({
      onBatch: (batch) => this.#record(batch),
      onFault: (err) => log.error({ err }, 'probing has a fault'),
      ...(proberEntry !== undefined && { entry: proberEntry }),
    });
    this.#changes = new ChangeLog(log);
    this.#reloader = new Reloader(config, { load, apply: (next) => this.#apply(next), log });
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be had. */
  async start(): Promise<ListenAddress> {
    this.#telling = await this.#loadTelling();
    const address = await this.#telling.start();
    goAfterProbing();
    this.#reloader.start();
    return address;
  }

  /** Loads the config anew; the outcome is its faults, a line each, and none if it is in effect now. */
  async reload(cause: string): Promise<readonly string[]> {
    const faults = await Promise.all([this.#reloader.reload(cause), this.#telling?.reload() ?? []]);
    return faults.flat();
  }

  /** Takes down what `start` has put up, the other way round; scrapes in flight are answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reloader.stop();
    await this.#prober.stop();
    this.#changes.stop();
    await this.#telling?.stop();
  }

  async #loadTelling(): Promise<Telling> {
    // While the probing thread starts.
    const { Telling: Half } = await import('./telling.ts');
    const { options, log, webConfig = OPEN_WEB_CONFIG } = this.#parts;
    return new Half({
      cache: this.#cache,
      options,
      log,
      webConfig,
      appFacts: () => this.#reloader.facts,
      config: () => this.#reloader.config,
      reload: (cause) => this.reload(cause),
      isHealthy: () => nowMs() - this.#prober.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache, nowMs()) === true,
    });
  }

  #apply(config: Config): void {
    const { shard, totalShards } = this.#parts.options;
    const targets = ownTargets(config.targets, shard, totalShards);
    this.#cache.setTargets(targets);
    this.#telling?.follow(config);
    // Those of the start alone decide when the service is ready.
    this.#readiness ??= new Readiness(targets, nowMs());
    this.#prober.setTargets(targets, config.concurrency);
    collectGarbage();
  }

  #record(batch: FromProber): void {
    this.#changes.tell(transitionsOf(batch.results, this.#cache));
    this.#cache.record(batch, nowMs());
    this.#telling?.record(batch);
    for (const warning of batch.warnings) this.#parts.log.warn({}, warning);
  }
}
