import type { ListenAddress } from './config/command-line/listen-address.ts';
import type { Options } from './config/command-line/options.ts';
import type { Config } from './config/config.ts';
import { printConfig } from './config/print.ts';
import { WebConfigWatch } from './config/web/watch.ts';
import type { WebConfig } from './config/web/web-config.ts';
import { type Log, seldom } from './log.ts';
import { logDiagnostics } from './metrics/diagnostics.ts';
import { Pipeline, type PipelineOptions } from './metrics/pipeline.ts';
import type { ResultsMessage } from './schedule/messages.ts';
import type { Cache } from './state/cache.ts';
import { allFacts } from './state/facts.ts';
import { VERSION } from './version.ts';
import type { WebOptions } from './web/routes.ts';
import { WebServer } from './web/server.ts';

// What an outsider can repeat at will, such as scrapes that fail, is logged once in this time.
const SELDOM_MS = 60_000;
// Within the 5 s of the whole shutdown, of which scrapes in flight may take 2 s.
const FLUSH_WITHIN_MS = 2000;

/** What the reporting half works with, and what it asks of the service around it. */
export type ReportingOptions = Pick<WebOptions, 'isHealthy' | 'isReady'> &
  Pick<PipelineOptions, 'reloadFigures'> & {
    readonly cache: Cache;
    readonly options: Options;
    readonly log: Log;
    readonly webConfig: WebConfig;
    /** The config in effect. */
    readonly config: () => Config;
    readonly reload: (cause: string) => Promise<readonly string[]>;
  };

/** The reporting half: from the cache to /metrics, the pages and OTLP. */
export class Reporting {
  readonly #options: Options;
  readonly #log: Log;
  readonly #pipeline: Pipeline;
  readonly #web: WebServer;
  readonly #webConfig: WebConfigWatch | undefined;

  constructor(parts: ReportingOptions) {
    const { options, log, webConfig } = parts;
    const bounded = seldom(log, SELDOM_MS);
    logDiagnostics(bounded);
    this.#options = options;
    this.#log = log;
    this.#pipeline = new Pipeline({ ...parts, otel: options.otel });
    this.#web = new WebServer(this.#webOptions(parts), bounded);
    this.#web.applyConfig(webConfig);
    const { webConfigFile } = options;
    this.#webConfig =
      webConfigFile === undefined ? undefined : this.#watchWebConfig(webConfigFile, webConfig);
  }

  /** Opens the port; rejects with one clear sentence if it cannot be had, or pushing cannot begin. */
  async start(): Promise<ListenAddress> {
    const address = await this.#web.listen(this.#options.listen);
    await this.#pipeline.start();
    return address;
  }

  /** Takes in what the probing thread has sent, after the cache has. */
  record(batch: ResultsMessage): void {
    this.#pipeline.record(batch);
  }

  /** Follows a reload, in the same turn in which the cache got its targets. */
  follow({ histogramBucketsMs }: Config): void {
    this.#pipeline.follow(histogramBucketsMs);
  }

  /** Loads the web config anew; the outcome is its faults, a line each. */
  async reload(): Promise<readonly string[]> {
    return (await this.#webConfig?.reload()) ?? [];
  }

  /** Answers the scrapes in flight, closes the port and pushes once more. */
  async stop(): Promise<void> {
    this.#webConfig?.stop();
    await this.#web.close();
    await this.#pipeline.stop(FLUSH_WITHIN_MS);
  }

  #webOptions({ cache, config, isHealthy, isReady, options, reload }: ReportingOptions): WebOptions {
    return {
      scrape: this.#pipeline.isScraped ? () => this.#pipeline.scrape() : undefined,
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
