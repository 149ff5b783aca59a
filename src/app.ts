import { setTimeout as pause } from 'node:timers/promises';
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
import { yieldToProbing } from './runtime/priority.ts';
import type { ResultsMessage } from './schedule/messages.ts';
import { targetsOfShard } from './schedule/place.ts';
import { ProbingThread } from './schedule/probing-thread.ts';
import { Cache } from './state/cache.ts';
import { Readiness } from './state/readiness.ts';
import { TransitionLog } from './state/transition-log.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long does not recover by itself.
const STALLED_MS = 10_000;
// Scrapes in flight and the last push get 2 s each. What is left after this are threads of a busy host that get no
// processor; the end of the process ends them.
const STOP_WITHIN_MS = 3000;

/** What the service is made with. */
export type AppOptions = {
  readonly config: Config;
  readonly options: Options;
  readonly log: Log;
  /** Loads the config again, for a reload. */
  readonly loader: Loader;
  /** Without one: plain HTTP, open to everyone. */
  readonly webConfig?: WebConfig;
  /** Another entry of the probing thread, for tests. */
  readonly probingEntry?: URL;
};

/** The running service: the probing half in a thread of its own, and the reporting half in this one. */
export class App {
  readonly #options: AppOptions;
  readonly #cache = new Cache();
  readonly #transitions: TransitionLog;
  readonly #probing: ProbingThread;
  readonly #reloader: Reloader;
  #reporting: Reporting | undefined;
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor(options: AppOptions) {
    const { config, log, loader, probingEntry } = options;
    this.#options = options;
    this.#transitions = new TransitionLog(log);
    this.#probing = new ProbingThread({
      onBatch: (batch) => this.#record(batch),
      onFault: (err) => log.error({ err }, 'probing has a fault'),
      ...(probingEntry !== undefined && { entry: probingEntry }),
    });
    this.#reloader = new Reloader(config, { loader, apply: (next) => this.#apply(next), log });
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be opened. */
  async start(): Promise<ListenAddress> {
    this.#reporting = await this.#loadReporting();
    const address = await this.#reporting.start();
    yieldToProbing();
    this.#reloader.start();
    return address;
  }

  /** Loads the config and the web config again; returns their faults, a line each, and none if both are in effect. */
  async reload(cause: string): Promise<readonly string[]> {
    const faults = await Promise.all([this.#reloader.reload(cause), this.#reporting?.reload() ?? []]);
    return faults.flat();
  }

  /** Ends what `start` has begun, in the opposite order; scrapes in flight get their answer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reloader.stop();
    const probing = this.#probing.stop();
    this.#transitions.stop();
    const stopped = Promise.all([probing, this.#reporting?.stop()]);
    await Promise.race([stopped, pause(STOP_WITHIN_MS, undefined, { ref: false })]);
  }

  async #loadReporting(): Promise<Reporting> {
    // Loaded only now, while the probing thread starts.
    const { Reporting: Half } = await import('./reporting.ts');
    const { options, log, webConfig = OPEN_WEB_CONFIG } = this.#options;
    return new Half({
      cache: this.#cache,
      options,
      log,
      webConfig,
      reloadFigures: () => this.#reloader.figures,
      config: () => this.#reloader.config,
      reload: (cause) => this.reload(cause),
      isHealthy: () => nowMs() - this.#probing.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache) === true,
    });
  }

  // From the config to the probing thread.
  #apply(config: Config): void {
    const { shard, totalShards } = this.#options.options;
    const targets = targetsOfShard(config.targets, shard, totalShards);
    this.#cache.setTargets(targets);
    this.#reporting?.pipeline.follow(config.histogramBucketsMs);
    // Only the targets of the start decide when the service is ready.
    this.#readiness ??= new Readiness(targets);
    this.#probing.setTargets(targets, config.concurrency);
    collectGarbage();
  }

  // From the probing thread to what is reported.
  #record(batch: ResultsMessage): void {
    this.#transitions.write(this.#cache.record(batch, nowMs()));
    this.#readiness?.record(batch);
    this.#reporting?.pipeline.record(batch);
    for (const warning of batch.warnings) this.#options.log.warn({}, warning);
  }
}
