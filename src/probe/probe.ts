import { nowMs } from '../runtime/clock.ts';
import type { Target } from '../target/target.ts';
import { forget } from './credentials/token.ts';
import { Deadline } from './deadline.ts';
import { isContentExpected, judge } from './expect/expectation.ts';
import { Failure } from './failure.ts';
import { firstHop } from './http/hop.ts';
import { walk } from './http/walk.ts';
import { prepare } from './preparation.ts';
import { isVerdict, type ProbeResult } from './result.ts';
import type { Run } from './run.ts';
import { phasesOf, Timeline, toMicroseconds } from './timeline.ts';

/** One check of a target. Whatever the target does is a result; a rejection would be our bug. */
export type Probe = (target: Target) => Promise<ProbeResult>;

/** Checks a target once: hop by hop, each over a connection of its own, all before one deadline. */
export async function probe(target: Target): Promise<ProbeResult> {
  const prepared = await prepare(target);
  const startedMs = nowMs();
  if (prepared instanceof Failure) return resultOf(target, prepared, startedMs, nowMs());
  const deadline = new Deadline(target.timeoutMs);
  const keepsBody = isContentExpected(target.expect);
  const run: Run = {
    settings: target,
    deadline,
    timeline: new Timeline(),
    findings: {},
    keepsBody,
    ...prepared,
  };
  try {
    const final = await walk(firstHop(target, prepared.body), run);
    const endedMs = nowMs();
    deadline.stop();
    const failure = final instanceof Failure ? final : await judge(final, target, deadline);
    if (run.findings.statusCode === 401) forget(target.credentials);
    return { ...resultOf(target, failure, startedMs, endedMs), ...measured(run, failure, endedMs) };
  } finally {
    deadline.stop();
  }
}

function resultOf(
  { key }: Target,
  failure: Failure | undefined,
  startedMs: number,
  endedMs: number,
): ProbeResult {
  return {
    key,
    result: failure?.result ?? 'success',
    ...(failure !== undefined && { reason: failure.reason }),
    startedMs,
    endedMs,
    endedAtMs: Date.now(),
    phases: {},
  };
}

// What could not be carried out was not measured either.
function measured(
  { timeline: { marks }, findings }: Run,
  failure: Failure | undefined,
  endedMs: number,
): Partial<ProbeResult> {
  if (failure !== undefined && !isVerdict(failure.result)) return {};
  const [first] = marks;
  if (first === undefined) return findings;
  return {
    responseMs: toMicroseconds(endedMs - first.atMs),
    phases: phasesOf(marks, endedMs),
    ...findings,
  };
}
