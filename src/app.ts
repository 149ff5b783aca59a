import { setFlagsFromString } from 'node:v8';
import { ChangeLog } from './change-log.ts';
import type { Config } from './config/config.ts';
import type { Loaded } from './config/load.ts';
import type { Options } from './config/options.ts';
import { printConfig } from './config/print.ts';
import { VERSION } from './config/version.ts';
import { OPEN_WEB_CONFIG, type WebConfig } from './config/web-config.ts';
import { WebConfigWatch } from './config/web-config-watch.ts';
import { type Log, seldom } from './log.ts';
import { logDiagnostics } from './metrics/diagnostics.ts';
import { allFacts } from './metrics/facts.ts';
import { Pipeline } from './metrics/pipeline.ts';
import { nowMs } from './probe/clock.ts';
import { Reloader } from './reload.ts';
import { Cache } from './schedule/cache.ts';
import type { FromProber } from './schedule/messages.ts';
import { ownTargets } from './schedule/place.ts';
import { Prober } from './schedule/prober.ts';
import { Readiness } from './schedule/readiness.ts';
import { transitionsOf } from './schedule/transition.ts';
import type { WebDuties } from './web/routes.ts';
import { type ListenAddress, WebServer } from './web/server.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long will not come back by itself.
const STALLED_MS = 10_000;
// What an outsider can repeat at will, such as scrapes that fail, is logged once in this time.
const SELDOM_MS = 60_000;
// Within the 5 s of the whole shutdown, of which scrapes in flight may take 2 s.
const FLUSH_WITHIN_MS = 2000;

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

/** The running service: the probing half behind the prober, the telling half behind the web server. */
export class App {
  readonly #cache = new Cache();
  readonly #log: Log;
  readonly #changes: ChangeLog;
  readonly #prober: Prober;
  readonly #pipeline: Pipeline;
  readonly #web: WebServer;
  readonly #webConfig: WebConfigWatch | undefined;
  readonly #reloader: Reloader;
  readonly #options: Options;
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor({ config, options, log, load, proberEntry, webConfig = OPEN_WEB_CONFIG }: AppParts) {
    const bounded = seldom(log, SELDOM_MS);
    logDiagnostics(bounded);
    this.#log = log;
    this.#changes = new ChangeLog(log);
    this.#options = options;
    this.#reloader = new Reloader(config, { load, apply: (next) => this.#apply(next), log });
    this.#prober = new Prober({
      onBatch: (batch) => this.#record(batch),
      onFault: (err) => log.error({ err }, 'probing has a fault'),
      ...(proberEntry !== undefined && { entry: proberEntry }),
    });
    this.#pipeline = new Pipeline({
      cache: this.#cache,
      appFacts: () => this.#reloader.facts,
      otel: options.otel,
      log,
    });
    const duties: WebDuties = {
      scrape: this.#pipeline.isScraped ? () => this.#pipeline.scrape() : undefined,
      isHealthy: () => nowMs() - this.#prober.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache, nowMs()) === true,
      targets: () => allFacts(this.#cache.states()),
      config: () => printConfig(this.#reloader.config),
      reload: options.webEnableLifecycle ? () => this.reload('POST /-/reload') : undefined,
      version: VERSION,
    };
    this.#web = new WebServer(duties, bounded);
    this.#web.secure(webConfig);
    const { webConfigFile } = options;
    this.#webConfig =
      webConfigFile === undefined ? undefined : this.#watchWebConfig(webConfigFile, webConfig);
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be had. */
  async start(): Promise<ListenAddress> {
    // Else V8 lets the garbage of scrapes and reloads pile up: with 300 targets 220 MB resident against 170 MB,
    // at the same CPU per probe within the noise.
    setFlagsFromString('--optimize-for-size');
    const address = await this.#web.listen(this.#options.listen);
    await this.#pipeline.start();
    this.#reloader.start();
    return address;
  }

  /** Loads the config anew; the outcome is its faults, a line each, and none if it is in effect now. */
  async reload(cause: string): Promise<readonly string[]> {
    const faults = await Promise.all([this.#reloader.reload(cause), this.#webConfig?.reload() ?? []]);
    return faults.flat();
  }

  /** Takes down what `start` has put up, the other way round; scrapes in flight are answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reloader.stop();
    this.#webConfig?.stop();
    await this.#prober.stop();
    this.#changes.stop();
    await this.#web.close();
    await this.#pipeline.stop(FLUSH_WITHIN_MS);
  }

  #watchWebConfig(file: string, inEffect: WebConfig): WebConfigWatch {
    return new WebConfigWatch(file, inEffect, {
      onChange: (next) => {
        this.#web.secure(next);
        this.#log.info({}, 'web config reloaded');
      },
      onFaults: (faults) => {
        for (const fault of faults) this.#log.error({ fault }, 'the web config was not reloaded');
      },
    });
  }

  #apply(config: Config): void {
    const { shard, totalShards } = this.#options;
    const targets = ownTargets(config.targets, shard, totalShards);
    this.#cache.setTargets(targets);
    this.#pipeline.follow(config.histogramBucketsMs);
    // Those of the start alone decide when the service is ready.
    this.#readiness ??= new Readiness(targets, nowMs());
    this.#prober.setTargets(targets, config.concurrency);
  }

  #record(batch: FromProber): void {
    this.#changes.tell(transitionsOf(batch.results, this.#cache));
    this.#cache.record(batch, nowMs());
    this.#pipeline.record(batch);
    for (const warning of batch.warnings) this.#log.warn({}, warning);
  }
}
