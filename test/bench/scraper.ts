import { Agent, get } from 'node:http';

/** One scrape as its client saw it. */
export type Scrape = { readonly tookMs: number; readonly bytes: number; readonly status: number };

/** A client that scrapes again and again; disposing of it ends that. */
export type Scraper = AsyncDisposable & { readonly scrapes: readonly Scrape[] };

/** Scrapes once; the body is counted, not read, so that the scraper takes little from the others. */
export function scrape(url: string, gzip: boolean, agent: Agent | undefined): Promise<Scrape> {
  const began = performance.now();
  const headers = gzip ? { 'Accept-Encoding': 'gzip' } : {};
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ tookMs: performance.now() - began, bytes, status: response.statusCode ?? 0 }),
      );
    }).on('error', reject);
  });
}

/** Scrapes every so often over a kept connection with gzip, as Prometheus does; a scrape that takes longer delays the next. */
export function scrapeEvery(url: string, everyMs: number): Scraper {
  const scrapes: Scrape[] = [];
  const agent = new Agent({ keepAlive: true });
  let underWay: Promise<void> | undefined;
  const timer = setInterval(() => {
    underWay ??= scrape(url, true, agent).then(
      (done) => {
        scrapes.push(done);
        underWay = undefined;
      },
      () => {
        scrapes.push({ tookMs: Number.NaN, bytes: 0, status: 0 });
        underWay = undefined;
      },
    );
  }, everyMs);
  return {
    scrapes,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await underWay;
      agent.destroy();
    },
  };
}
