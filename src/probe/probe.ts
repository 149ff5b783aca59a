import { nowMs } from '../runtime/clock.ts';
import { schemeOf } from '../target/scheme.ts';
import type { Target } from '../target/target.ts';
import { Deadline } from './deadline.ts';
import { Failure } from './failure.ts';
import { PROTOCOLS } from './protocols.ts';
import type { ProbeResources } from './resources.ts';
import { isVerdict, type ProbeResult } from './result.ts';
import type { Run } from './run.ts';
import { phasesOf, Timeline, toMicroseconds } from './timeline.ts';

/** Probes a target once, before one deadline. Whatever the target does is a result; a rejection is a bug of ours. */
export async function probe(target: Target, resources: ProbeResources): Promise<ProbeResult> {
  const scheme = schemeOf(target.url);
  if (scheme === undefined) throw new Error(`there is no protocol for ${target.url}`);
  const start = await PROTOCOLS[scheme](target, resources);
  const startedMs = nowMs();
  if (start instanceof Failure) return resultOf(target, start, startedMs, nowMs());
  const deadline = new Deadline(target.timeoutMs);
  const run: Run = { settings: target, resources, deadline, timeline: new Timeline(), findings: {} };
  try {
    const check = await start(run);
    const endedMs = nowMs();
    deadline.stop();
    const failure = check instanceof Failure ? check : await check();
    return { ...resultOf(target, failure, startedMs, endedMs), ...measurementsOf(run, failure, endedMs) };
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

// A probe that could not be carried out has no measurements either.
function measurementsOf(
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
