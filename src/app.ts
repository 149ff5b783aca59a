import type { ListenAddress } from './config/command-line/listen-address.ts';
import type { Options } from './config/command-line/options.ts';
import type { Config } from './config/config.ts';
import type { Loader } from './config/load.ts';
import { Reloader } from './config/reload.ts';
import { OPEN_WEB_CONFIG, type WebConfig } from './config/web/web-config.ts';
import type { Log } from './log.ts';
import type { Reporting } from './reporting.ts';
import { nowMs } from './runtime/clock.ts';
import { collectGarbage } from './runtime/memory.ts';
import { goAfterProbing } from './runtime/priority.ts';
import type { ResultsMessage } from './schedule/messages.ts';
import { ownTargets } from './schedule/place.ts';
import { ProbingThread } from './schedule/probing-thread.ts';
import { Cache } from './state/cache.ts';
import { Readiness } from './state/readiness.ts';
import { TransitionLog } from './state/transition-log.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long will not come back by itself.
const STALLED_MS = 10_000;

/** What the service is made of. */
export type AppParts = {
  readonly config: Config;
  readonly options: Options;
  readonly log: Log;
  /** Loads the config again, for a reload. */
  readonly loader: Loader;
  /** Plain HTTP for everybody without one. */
  readonly webConfig?: WebConfig;
  /** Another entry of the probing thread, for tests. */
  readonly probingEntry?: URL;
};

/** The running service: the probing half in a thread of its own, and the reporting half. */
export class App {
  readonly #cache = new Cache();
  readonly #parts: AppParts;
  readonly #transitions: TransitionLog;
  readonly #probing: ProbingThread;
  readonly #reloader: Reloader;
  #reporting: Reporting | undefined;
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor(parts: AppParts) {
    const { config, log, loader, probingEntry } = parts;
    this.#parts = parts;
    this.#probing = new ProbingThread({
      onBatch: (batch) => this.#record(batch),
      onFault: (err) => log.error({ err }, 'probing has a fault'),
      ...(probingEntry !== undefined && { entry: probingEntry }),
    });
    this.#transitions = new TransitionLog(log);
    this.#reloader = new Reloader(config, { loader, apply: (next) => this.#apply(next), log });
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be had. */
  async start(): Promise<ListenAddress> {
    this.#reporting = await this.#loadReporting();
    const address = await this.#reporting.start();
    goAfterProbing();
    this.#reloader.start();
    return address;
  }

  /** Loads the config anew; the outcome is its faults, a line each, and none if it is in effect now. */
  async reload(cause: string): Promise<readonly string[]> {
    const faults = await Promise.all([this.#reloader.reload(cause), this.#reporting?.reload() ?? []]);
    return faults.flat();
  }

  /** Takes down what `start` has put up, the other way round; scrapes in flight are answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reloader.stop();
    await this.#probing.stop();
    this.#transitions.stop();
    await this.#reporting?.stop();
  }

  async #loadReporting(): Promise<Reporting> {
    // While the probing thread starts.
    const { Reporting: Half } = await import('./reporting.ts');
    const { options, log, webConfig = OPEN_WEB_CONFIG } = this.#parts;
    return new Half({
      cache: this.#cache,
      options,
      log,
      webConfig,
      reloadFigures: () => this.#reloader.facts,
      config: () => this.#reloader.config,
      reload: (cause) => this.reload(cause),
      isHealthy: () => nowMs() - this.#probing.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache, nowMs()) === true,
    });
  }

  #apply(config: Config): void {
    const { shard, totalShards } = this.#parts.options;
    const targets = ownTargets(config.targets, shard, totalShards);
    this.#cache.setTargets(targets);
    this.#reporting?.follow(config);
    // Those of the start alone decide when the service is ready.
    this.#readiness ??= new Readiness(targets, nowMs());
    this.#probing.setTargets(targets, config.concurrency);
    collectGarbage();
  }

  #record(batch: ResultsMessage): void {
    this.#transitions.write(this.#cache.record(batch, nowMs()));
    this.#reporting?.record(batch);
    for (const warning of batch.warnings) this.#parts.log.warn({}, warning);
  }
}
