import { readFile } from 'node:fs/promises';
import type { Target } from '../config/target.ts';
import { nowMs } from './clock.ts';
import { Deadline } from './deadline.ts';
import { Failure } from './failure.ts';
import { firstHop } from './hop.ts';
import { isVerdict, type ProbeResult } from './result.ts';
import type { Run } from './run.ts';
import { phasesOf, Timeline } from './timeline.ts';
import { secureContext } from './tls-context.ts';
import { walk } from './walk.ts';

/** One check of a target. Whatever the target does is a result; a rejection would be our bug. */
export type Probe = (target: Target) => Promise<ProbeResult>;

/** Checks a target once: hop by hop, each over a connection of its own, all before one deadline. */
export async function probe(target: Target): Promise<ProbeResult> {
  const body = await requestBody(target);
  // Reading certificates from disk is our time too.
  if (/^https:/i.test(target.url)) secureContext(target.tls, 'own');
  const startedMs = nowMs();
  const deadline = new Deadline(target.timeoutMs);
  const run: Run = { target, deadline, timeline: new Timeline(), findings: {} };
  try {
    const failure = body instanceof Failure ? body : await walk(firstHop(target, body), run);
    return resultOf(run, startedMs, failure);
  } finally {
    deadline.stop();
  }
}

// Before the clock starts: our disk is not the target's doing.
async function requestBody({ body, bodyFile }: Target): Promise<string | Buffer | undefined | Failure> {
  if (bodyFile === undefined) return body;
  try {
    return await readFile(bodyFile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Failure('internal_error', `body_file cannot be read: ${reason}`);
  }
}

function resultOf(run: Run, startedMs: number, failure: Failure | undefined): ProbeResult {
  const result = failure?.result ?? 'success';
  const endedMs = nowMs();
  return {
    key: run.target.key,
    result,
    ...(failure !== undefined && { reason: failure.reason }),
    startedMs,
    endedMs,
    endedAtMs: Date.now(),
    phases: {},
    ...(isVerdict(result) && measured(run, endedMs)),
  };
}

// What could not be carried out was not measured either.
function measured(
  { timeline: { marks }, findings }: Run,
  endedMs: number,
): Pick<ProbeResult, 'phases' | 'responseMs'> {
  const [first] = marks;
  if (first === undefined) return { phases: {}, ...findings };
  return { responseMs: endedMs - first.atMs, phases: phasesOf(marks, endedMs), ...findings };
}
