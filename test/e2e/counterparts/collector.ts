import { freePort } from '../../support/free-port.ts';
import { program } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A Collector with OTLP receivers; what it receives and what it scrapes is on two separate expositions. */
export type Collector = AsyncDisposable & {
  /** The OTLP receivers, as they stand in `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly http: string;
  readonly grpc: string;
  /** The exposition of what was pushed to it; empty before the first push. */
  pushed(): Promise<string>;
  /** The exposition of what it has scraped. */
  scraped(): Promise<string>;
  /** What it has logged so far. */
  output(): string;
};

/** Starts a Collector, which scrapes this exporter if one is named (`127.0.0.1:PORT`). */
export async function collector(scrapes?: string): Promise<Collector> {
  await using files = new AsyncDisposableStack();
  const folder = files.use(await tempFolder());
  // All at once, so that no port is found twice.
  const ports = [freePort(), freePort(), freePort(), freePort()] as const;
  const [http, grpc, pushed, scraped] = await Promise.all(ports);
  const config = configOf({ http, grpc, pushed, scraped, scrapes });
  const file = await folder.write('collector.yml', config);
  const running = files.use(program('otelcol', [`--config=file:${file}`]));
  await running.says(/Everything is ready/);
  const owned = files.move();
  return {
    http: `http://127.0.0.1:${http}`,
    grpc: `http://127.0.0.1:${grpc}`,
    pushed: () => text(pushed),
    scraped: () => text(scraped),
    output: running.output,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Settings = {
  readonly http: number;
  readonly grpc: number;
  readonly pushed: number;
  readonly scraped: number;
  readonly scrapes: string | undefined;
};

function configOf({ http, grpc, pushed, scraped, scrapes }: Settings): string {
  const targets = scrapes === undefined ? [] : [scrapes];
  // YAML is a superset of JSON.
  return JSON.stringify({
    receivers: {
      otlp: { protocols: { http: { endpoint: local(http) }, grpc: { endpoint: local(grpc) } } },
      prometheus: {
        config: {
          scrape_configs: [
            {
              job_name: 'exporter',
              scrape_interval: '1s',
              scrape_timeout: '1s',
              static_configs: [{ targets }],
            },
          ],
        },
      },
    },
    exporters: {
      'prometheus/pushed': { endpoint: local(pushed), without_scope_info: true },
      'prometheus/scraped': { endpoint: local(scraped), without_scope_info: true },
    },
    service: {
      // Its own metrics have a port of their own, a fixed one.
      telemetry: { metrics: { level: 'none' } },
      pipelines: {
        'metrics/pushed': { receivers: ['otlp'], exporters: ['prometheus/pushed'] },
        'metrics/scraped': { receivers: ['prometheus'], exporters: ['prometheus/scraped'] },
      },
    },
  });
}

function local(port: number): string {
  return `127.0.0.1:${port}`;
}

async function text(port: number): Promise<string> {
  const response = await fetch(`http://${local(port)}/metrics`);
  if (!response.ok) throw new Error(`the Collector answers ${response.status}: ${await response.text()}`);
  return await response.text();
}
