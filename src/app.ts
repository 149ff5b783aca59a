import type { Config } from './config/load.ts';
import type { Options } from './config/options.ts';
import { type Log, seldom } from './log.ts';
import { logDiagnostics } from './metrics/diagnostics.ts';
import { createProvider } from './metrics/provider.ts';
import { PullReader } from './metrics/pull.ts';
import { nowMs } from './probe/clock.ts';
import { Cache } from './schedule/cache.ts';
import type { FromProber } from './schedule/messages.ts';
import { ownTargets } from './schedule/place.ts';
import { Prober } from './schedule/prober.ts';
import { Readiness } from './schedule/readiness.ts';
import { type ListenAddress, WebServer } from './web/server.ts';

// Kubernetes asks every few seconds; a scheduler that has not run for this long will not come back by itself.
const STALLED_MS = 10_000;
// What an outsider can repeat at will, such as scrapes that fail, is logged once in this time.
const SELDOM_MS = 60_000;

/** The running service: the probing half behind the prober, the telling half behind the web server. */
export class App {
  readonly #cache = new Cache();
  readonly #log: Log;
  readonly #prober: Prober;
  readonly #reader: PullReader;
  readonly #provider: ReturnType<typeof createProvider>;
  readonly #web: WebServer;
  readonly #facts = { reloadSuccessful: true, reloadedAtMs: Date.now(), collectionErrors: 0 };
  #readiness: Readiness | undefined;
  #stopping = false;

  constructor(log: Log) {
    const bounded = seldom(log, SELDOM_MS);
    logDiagnostics(bounded);
    this.#log = log;
    this.#prober = new Prober({
      onBatch: (batch) => this.#record(batch),
      onFault: (err) => log.error({ err }, 'probing has a fault'),
    });
    this.#reader = new PullReader(() => {
      this.#facts.collectionErrors += 1;
    });
    this.#provider = createProvider([this.#reader], { cache: this.#cache, appFacts: () => this.#facts });
    const duties = {
      scrape: () => this.#reader.scrape(),
      isHealthy: () => nowMs() - this.#prober.lastBatchMs <= STALLED_MS,
      isReady: () => !this.#stopping && this.#readiness?.isReady(this.#cache, nowMs()) === true,
    };
    this.#web = new WebServer(duties, bounded);
  }

  /** Opens the port, then begins to probe; rejects with one clear sentence if the port cannot be had. */
  async start(config: Config, options: Options): Promise<ListenAddress> {
    const address = await this.#web.listen(options.listen);
    for (const warning of config.warnings) this.#log.warn({}, warning);
    const targets = ownTargets(config.targets, options.shard, options.totalShards);
    this.#cache.setTargets(targets);
    this.#readiness = new Readiness(targets, nowMs());
    this.#prober.setTargets(targets, config.concurrency);
    return address;
  }

  /** Takes down what `start` has put up, the other way round; scrapes in flight are answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#prober.stop();
    await this.#web.close();
    await this.#provider.shutdown();
  }

  #record(batch: FromProber): void {
    this.#cache.record(batch, nowMs());
    for (const warning of batch.warnings) this.#log.warn({}, warning);
  }
}
