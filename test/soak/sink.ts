import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Listening, listen } from '../support/listen.ts';
import { readMetrics } from '../support/otlp-points.ts';
import { decodeMetrics } from '../support/otlp-protobuf.ts';
import { until } from '../support/until.ts';
import { type ProbeCounts, readProbeCounts } from './probe-counts.ts';

/** A Collector that keeps nothing but what was sent to it of late. */
export type Sink = Listening & {
  readonly url: string;
  /** Requests received so far; a push has several where there are many series. */
  requests(): number;
  /** What was pushed in the last push of all, once it has begun and ended after this moment. */
  readCounts(pushEveryMs: number): Promise<ProbeCounts>;
};

const KEPT = 40;

/** Starts a receiver of OTLP over HTTP. */
export async function startSink(): Promise<Sink> {
  const kept: { readonly atMs: number; readonly body: Buffer }[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      requests += 1;
      kept.push({ atMs: performance.now(), body });
      if (kept.length > KEPT) kept.shift();
      response.end();
    });
  });
  const listening = await listen(server);
  return {
    ...listening,
    url: `http://${listening.authority}`,
    requests: () => requests,
    async readCounts(pushEveryMs) {
      // A push takes less than half of the time until the next.
      const sinceMs = performance.now() + pushEveryMs / 2;
      const patienceMs = 4 * pushEveryMs + 10_000;
      const isWhole = () => (kept.at(-1)?.atMs ?? 0) > sinceMs + 1.5 * pushEveryMs;
      await until(isWhole, 'it was pushed twice', patienceMs);
      const late = kept.filter(({ atMs }) => atMs > sinceMs);
      return readProbeCounts(`${late.flatMap(({ body }) => linesOf(body)).join('\n')}\n`);
    },
  };
}

function linesOf(body: Buffer): readonly string[] {
  return readMetrics(decodeMetrics(body)).points.flatMap(({ lines }) => lines);
}
