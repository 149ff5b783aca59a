import { ChangeLog } from './change-log.ts';
import type { Config } from './config/config.ts';
import type { Loaded } from './config/load.ts';
import type { Options } from './config/options.ts';
import { type Log, seldom } from './log.ts';
import { logDiagnostics } from './metrics/diagnostics.ts';
import { createProvider } from './metrics/provider.ts';
import { PullReader } from './metrics/pull.ts';
import { nowMs } from './probe/clock.ts';
import { Reloader } from './reload.ts';
import { Cache } from './schedule/cache.ts';
import type { FromProber } from './schedule/messages.ts';
import { ownTargets } from './schedule/place.ts';
import { Prober } from './schedule/prober.ts';
import { Readiness } from './schedule/readiness.ts';
import { transitionsOf } from './schedule/transition.ts';
import { type ListenAddress, WebServer } from './web/server.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long will not come back by itself.
const STALLED_MS = 10_000;
// What an outsider can repeat at will, such as scrapes that fail, is logged once in this time.
const SELDOM_MS = 60_000;

/** What the service is made of. */
export type AppParts = {
  readonly config: Config;
  readonly options: Options;
  readonly log: Log;
  /** Reads the config anew, for a reload. */
  readonly load: () => Promise<Loaded>;
  /** Another entry of the probing thread, for tests. */
  readonly proberEntry?: URL;
};

/** The running service: the probing half behind the prober, the telling half behind the web server. */
export class App {
  readonly #cache = new Cache();
  readonly #log: Log;
  readonly #changes: ChangeLog;
  readonly #prober: Prober;
  readonly #reader: PullReader;
  readonly #provider: ReturnType<typeof createProvider>;
  readonly #web: WebServer;
  readonly #reloader: Reloader;
  readonly #options: Options;
  #collectionErrors = 0;
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor({ config, options, log, load, proberEntry }: AppParts) {
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
    this.#reader = new PullReader(() => {
      this.#collectionErrors += 1;
    });
    this.#provider = createProvider([this.#reader], {
      cache: this.#cache,
      appFacts: () => ({ ...this.#reloader.facts, collectionErrors: this.#collectionErrors }),
    });
    const duties = {
      scrape: () => this.#reader.scrape(),
      isHealthy: () => nowMs() - this.#prober.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache, nowMs()) === true,
    };
    this.#web = new WebServer(duties, bounded);
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be had. */
  async start(): Promise<ListenAddress> {
    const address = await this.#web.listen(this.#options.listen);
    this.#reloader.start();
    return address;
  }

  /** Loads the config anew; the outcome is its faults, a line each, and none if it is in effect now. */
  reload(cause: string): Promise<readonly string[]> {
    return this.#reloader.reload(cause);
  }

  /** Takes down what `start` has put up, the other way round; scrapes in flight are answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#reloader.stop();
    await this.#prober.stop();
    this.#changes.stop();
    await this.#web.close();
    await this.#provider.shutdown();
  }

  #apply(config: Config): void {
    const { shard, totalShards } = this.#options;
    const targets = ownTargets(config.targets, shard, totalShards);
    this.#cache.setTargets(targets);
    // Those of the start alone decide when the service is ready.
    this.#readiness ??= new Readiness(targets, nowMs());
    this.#prober.setTargets(targets, config.concurrency);
  }

  #record(batch: FromProber): void {
    this.#changes.tell(transitionsOf(batch.results, this.#cache));
    this.#cache.record(batch, nowMs());
    for (const warning of batch.warnings) this.#log.warn({}, warning);
  }
}
