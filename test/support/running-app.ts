import { App } from '../../src/app.ts';
import { DEFAULT_OPTIONS } from '../../src/config/command-line/options.ts';
import type { OtelSettings } from '../../src/config/command-line/otel.ts';
import { makeLoader } from '../../src/config/load.ts';
import type { Target } from '../../src/target/target.ts';
import { parseExposition, sortedSamples } from './exposition.ts';
import { recordingLog } from './log.ts';
import { untilAnswer } from './until.ts';

/** The values of an exposition by series, as they are written: `name{label="value"}`. */
export type Series = ReadonlyMap<string, number>;

/** The whole app on a free port of the loopback; disposing of it stops it. */
export type RunningApp = AsyncDisposable & {
  readonly app: App;
  readonly log: ReturnType<typeof recordingLog>;
  readonly port: number;
  url(path: string): string;
  /** The status of a path. */
  status(path: string): Promise<number>;
  /** The text of /metrics, which has to be right in every line. */
  text(): Promise<string>;
  scrape(): Promise<Series>;
  /** Scrapes again and again until a condition holds, and gives the scrape that met it. */
  scrapeUntil(condition: (series: Series) => boolean, what: string, everyMs?: number): Promise<Series>;
};

/** What may differ from the app as it is. */
export type AppSettings = {
  readonly concurrency?: number;
  /** Another entry of the probing thread. */
  readonly entry?: URL;
  readonly otel?: OtelSettings;
};

/** Starts the app with these targets. */
export async function startApp(
  targets: readonly Target[],
  { concurrency = 1000, entry, otel = DEFAULT_OPTIONS.otel }: AppSettings = {},
): Promise<RunningApp> {
  const log = recordingLog();
  const config = { ...(await emptyConfig()), targets, concurrency };
  const app = new App({
    config,
    options: { ...DEFAULT_OPTIONS, listen: { host: '127.0.0.1', port: 0 }, otel },
    log,
    loader: {
      load: () => Promise.resolve({ config: { ...config, targets: structuredClone(targets) } }),
      watch: () => () => undefined,
    },
    ...(entry !== undefined && { probingEntry: entry }),
  });
  const { port } = await app.start();
  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  async function text(): Promise<string> {
    const response = await fetch(url('/metrics'));
    const body = await response.text();
    if (response.status !== 200) throw new Error(`/metrics answers ${response.status}: ${body}`);
    parseExposition(body);
    return body;
  }
  const scrape = async () => seriesOf(await text());
  return {
    app,
    log,
    port,
    url,
    text,
    scrape,
    scrapeUntil: (condition, what, everyMs = 20) => untilAnswer(scrape, condition, what, { everyMs }),
    async status(path) {
      const response = await fetch(url(path));
      await response.text();
      return response.status;
    },
    [Symbol.asyncDispose]: () => app.stop(),
  };
}

/** The values of an exposition by series. */
export function seriesOf(text: string): Series {
  const pairs = sortedSamples(text).map((line): [string, number] => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  });
  return new Map(pairs);
}

/** The series about one URL, each as `name{further labels}` without the common start of the names. */
export function seriesAbout(url: string, series: Series): Series {
  const label = `url="${url}"`;
  const own = [...series].filter(([name]) => name.includes(`{${label}`));
  return new Map(
    own.map(([name, value]) => [
      name.replace('sample_external_url_', '').replace(`{${label}}`, '').replace(`${label},`, ''),
      value,
    ]),
  );
}

async function emptyConfig() {
  const loaded = await makeLoader({ urls: [], demoUrls: [] }, {}).load();
  if ('faults' in loaded) throw new Error('the empty config has faults');
  return loaded.config;
}
