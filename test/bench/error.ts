import { getJson } from './get-json.ts';
import type { Served } from './target-server.ts';

/** What the exporter reported of one target. */
export type Past = {
  /** The path of its URL. */
  readonly path: string;
  /** End of the latest probe, Unix milliseconds. */
  readonly lastMs: number;
  /** Response times, the latest last; null where there was none. */
  readonly responseMs: readonly (number | null)[];
  readonly failures: number;
};

type Facts = {
  readonly url: string;
  readonly lastProbe?: string;
  readonly responseMs?: number;
  readonly failures: number;
  readonly history: readonly (readonly [string, number | null])[];
};

// Far more than any delay between the server's note and the exporter's, far less than an interval.
const SAME_PROBE_MS = 1000;

/** Reads all that the exporter remembers of its targets. */
export async function readPast(url: string): Promise<readonly Past[]> {
  const { targets } = await getJson<{ targets: readonly Facts[] }>(`${url}/api/v1/targets`);
  return targets.map(({ url, lastProbe = '', responseMs, failures, history }) => ({
    path: new URL(url).pathname,
    lastMs: Date.parse(lastProbe),
    // The latest one is there with all its digits.
    responseMs: [...history.slice(0, -1).map(([, ms]) => ms), responseMs ?? null],
    failures,
  }));
}

/** Reported less real, in milliseconds, for every probe that both the server and the exporter remember. */
export function errorsOf(past: readonly Past[], served: Served): readonly number[] {
  return past.flatMap(({ path, lastMs, responseMs }) => {
    // The server may have answered one more than the exporter knew of when it was read.
    const answers = (served[path] ?? []).filter(([atMs]) => atMs <= lastMs + SAME_PROBE_MS);
    const reported = responseMs.slice(Math.max(0, responseMs.length - answers.length));
    return reported.flatMap((ms, index) => {
      const answer = answers[answers.length - reported.length + index];
      return ms === null || answer === undefined ? [] : [ms - answer[1]];
    });
  });
}
