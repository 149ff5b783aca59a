import { RESULTS, type ResultName } from '../../src/probe/result.ts';

/** What the exporter reports: probes of each target by result. */
export type ProbeCounts = ReadonlyMap<string, ReadonlyMap<ResultName, number>>;

const PROBES = /^sample_external_url_probes_total\{url="([^"]*)",result="(\w+)"\} (\d+)$/gm;

/** The counters of probes in lines of Prometheus text. */
export function readProbeCounts(text: string): ProbeCounts {
  const reported = new Map<string, Map<ResultName, number>>();
  for (const [, url = '', result = '', count] of text.matchAll(PROBES)) {
    if (!isResultName(result)) throw new Error(`${result} is no result`);
    const counts = reported.get(url) ?? new Map<ResultName, number>();
    reported.set(url, counts);
    counts.set(result, Number(count));
  }
  return reported;
}

/** The value of a series without labels. */
export function readValue(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

function isResultName(name: string): name is ResultName {
  return Object.hasOwn(RESULTS, name);
}
