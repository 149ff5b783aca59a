import { setTimeout as pause } from 'node:timers/promises';
import { type Comparison, compareCounts } from './comparison.ts';
import type { Aim } from './plan.ts';
import { type ProbeCounts, readProbeCounts, readValue } from './probe-counts.ts';
import type { Scraper } from './scraper.ts';
import type { ServedCounts } from './served-counts.ts';
import type { Servers } from './servers.ts';
import type { Sink } from './sink.ts';
import { isExcused, type Stall } from './stalls.ts';
import type { ProcessUsage, Subject } from './subject.ts';

/** What is found while nobody is probed. */
export type IdleCheck = {
  readonly comparison: Comparison;
  readonly usage: ProcessUsage;
  readonly served: ServedCounts;
  readonly stalls: readonly Stall[];
  /** Wrong verdicts that the servers are to blame for. */
  readonly excused: number;
  /** The text of /metrics. */
  readonly text: string;
  readonly faults: readonly string[];
};

// More than the longest probe, and what its result takes to come over.
const QUIET_MS = 2000;
const PATIENCE_MS = 60_000;

/** Waits until the last probe is over, then checks the books and what is held. */
export async function checkWhenIdle(
  aims: readonly Aim[],
  parts: { servers: Servers; subject: Subject; sink: Sink; scraper: Scraper; pushEveryMs: number },
): Promise<IdleCheck> {
  const { servers, subject, sink, scraper, pushEveryMs } = parts;
  const { served, text } = await undisturbed(servers, subject);
  const exported = readProbeCounts(text);
  const pushed = await sink.readCounts(pushEveryMs);
  const { body: after } = await subject.ask('/metrics');
  const stalls = servers.stalls();
  const [excused = [], wrong = []] = [true, false].map((is) =>
    scraper.wrong.filter((each) => isExcused(each, stalls) === is),
  );
  const comparison = compareCounts(aims, exported, served, { wrong: excused, stalls: stalls.length });
  const inFlight = readValue(text, 'external_url_exporter_probes_in_flight');
  const faults = [
    ...wrong.map(({ kind, url, result, times }) => `${kind}, ${url}: ${times} times ${result} in a scrape`),
    ...comparison.faults,
    ...(inFlight === 0 ? [] : [`${inFlight} probes in flight while idle`]),
    ...differences(exported, pushed, readProbeCounts(after)),
  ];
  return {
    comparison,
    served,
    stalls,
    text,
    excused: excused.length,
    faults,
    usage: await subject.usage(),
  };
}

// The counts of a moment in which no probe was under way, and what is exported in it.
async function undisturbed(servers: Servers, subject: Subject) {
  for (;;) {
    const served = await quiet(servers);
    const { body: text } = await subject.ask('/metrics');
    if (total(await servers.counts()) === total(served)) return { served, text };
  }
}

async function quiet(servers: Servers): Promise<ServedCounts> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let before = await servers.counts();
  for (;;) {
    await pause(QUIET_MS);
    const now = await servers.counts();
    if (total(now) === total(before)) return now;
    if (performance.now() > giveUpAt)
      throw new Error('the servers are asked though no target is to be probed');
    before = now;
  }
}

function total(counts: ServedCounts): number {
  return [...counts.values()].flatMap((dues) => [...dues.values()]).reduce((sum, count) => sum + count, 0);
}

// Of thousands of targets one may have its place of the day just now: pushed is what was exported before it or after.
function differences(before: ProbeCounts, pushed: ProbeCounts, after: ProbeCounts): readonly string[] {
  return [...new Set([...before.keys(), ...pushed.keys()])].flatMap((url) => {
    const [first, then, last] = [before, pushed, after].map((exported) =>
      JSON.stringify([...(exported.get(url) ?? [])].sort()),
    );
    return then === first || then === last ? [] : [`${url}: ${first} on /metrics, ${then} over OTLP`];
  });
}
