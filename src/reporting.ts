import type { ListenAddress } from './config/command-line/listen-address.ts';
import type { Options } from './config/command-line/options.ts';
import type { Config } from './config/config.ts';
import { printConfig } from './config/print.ts';
import { WebConfigWatch } from './config/web/watch.ts';
import type { WebConfig } from './config/web/web-config.ts';
import { type Log, limitRate } from './log.ts';
import { logDiagnostics } from './metrics/diagnostics.ts';
import { Pipeline, type PipelineOptions } from './metrics/pipeline.ts';
import type { Cache } from './state/cache.ts';
import { allFacts } from './state/facts.ts';
import { VERSION } from './version.ts';
import type { WebOptions } from './web/routes.ts';
import { WebServer } from './web/server.ts';

// What a client can repeat at will, such as scrapes that fail, is logged once in this time.
const LOG_PERIOD_MS = 60_000;
// Scrapes in flight get as long.
const FLUSH_WITHIN_MS = 2000;

/** What the reporting half is made with. */
export type ReportingOptions = {
  readonly cache: Cache;
  readonly options: Options;
  readonly log: Log;
  /** The web config of the start. */
  readonly webConfig: WebConfig;
  /** The config in effect. */
  readonly config: () => Config;
  /** How the last reload went. */
  readonly reloadFigures: PipelineOptions['reloadFigures'];
  readonly isHealthy: () => boolean;
  readonly isReady: () => boolean;
  /** Reloads everything, for this cause; the faults, a line each. */
  readonly reload: (cause: string) => Promise<readonly string[]>;
};

/** The reporting half: from the cache to /metrics, the pages and OTLP. */
export class Reporting {
  readonly pipeline: Pipeline;
  readonly #options: Options;
  readonly #log: Log;
  readonly #web: WebServer;
  readonly #webConfig: WebConfigWatch | undefined;

  constructor(reporting: ReportingOptions) {
    const { cache, options, log, webConfig, reloadFigures } = reporting;
    const limited = limitRate(log, LOG_PERIOD_MS);
    logDiagnostics(limited);
    this.#options = options;
    this.#log = log;
    this.pipeline = new Pipeline({ cache, reloadFigures, otel: options.otel, log });
    this.#web = new WebServer(this.#webOptions(reporting), limited);
    this.#web.applyConfig(webConfig);
    const { webConfigFile } = options;
    this.#webConfig =
      webConfigFile === undefined ? undefined : this.#watchWebConfig(webConfigFile, webConfig);
  }

  /** Opens the port, then begins to push; rejects with one clear sentence if either cannot be done. */
  async start(): Promise<ListenAddress> {
    const address = await this.#web.listen(this.#options.listen);
    await this.pipeline.start();
    return address;
  }

  /** Loads the web config again; returns its faults, a line each. */
  async reload(): Promise<readonly string[]> {
    return (await this.#webConfig?.reload()) ?? [];
  }

  /** Pushes once more, answers the scrapes in flight and closes the port, both at the same time. */
  async stop(): Promise<void> {
    this.#webConfig?.stop();
    await Promise.all([this.pipeline.stop(FLUSH_WITHIN_MS), this.#web.close()]);
  }

  #webOptions({ cache, config, isHealthy, isReady, options, reload }: ReportingOptions): WebOptions {
    const { pipeline } = this;
    return {
      scrape: pipeline.isScraped ? () => pipeline.scrape() : undefined,
      isHealthy,
      isReady,
      targets: () => allFacts(cache.states()),
      config: () => printConfig(config()),
      reload: options.webEnableLifecycle ? () => reload('POST /-/reload') : undefined,
      version: VERSION,
    };
  }

  #watchWebConfig(file: string, inEffect: WebConfig): WebConfigWatch {
    return new WebConfigWatch(file, inEffect, {
      onChange: (next) => {
        this.#web.applyConfig(next);
        this.#log.info({}, 'web config reloaded');
      },
      onFaults: (faults) => {
        for (const fault of faults) this.#log.error({ fault }, 'the web config was not reloaded');
      },
    });
  }
}
