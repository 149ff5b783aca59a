import type { Expectations, Target } from '../../target/target.ts';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { Final } from '../http/walk.ts';
import { Judge } from './judge.ts';

/** Whether the final body is needed to say what a response is worth. */
export function isContentExpected({ body, json }: Expectations): boolean {
  return body.length + json.length > 0;
}

// Matching may take long, so it is done in another thread; most targets expect nothing of the kind.
function needsJudge({ headers, body, json }: Expectations): boolean {
  return headers.length + body.length + json.length > 0;
}

/** Makes sure that the response of a target can be judged at once, if it takes a judge. */
export async function judgeReady({ key, expect }: Target): Promise<void> {
  if (needsJudge(expect)) await judgeOf(key).ready;
}

// What is left of the 100 ms within which a verdict is due, once the judge has taken its own.
const LATEST_TURN_MS = 10;

/** Whether a final response is as expected; the failure tells what is not. */
export async function judge(
  final: Final,
  { key, expect, maxBodyBytes }: Target,
  { remainingMs }: Deadline,
): Promise<Failure | undefined> {
  const failure = statusFailure(final.status, expect.status);
  if (failure !== undefined || !needsJudge(expect)) return failure;
  const { headers, content } = final;
  const response = { expect, maxBytes: maxBodyBytes, headers: headers(), ...(content && { content }) };
  const answer = await judgeOf(key).ask(response, remainingMs + LATEST_TURN_MS);
  if (answer.tookTooLong === true) suspects.add(key);
  if (answer.tookTooLong === false) suspects.delete(key);
  return answer.failure;
}

// Targets whose last response took too long wait for each other from then on, and hold up nobody else.
const suspects = new Set<string>();
const judges: { ofAll?: Judge; ofSuspects?: Judge } = {};

function judgeOf(key: string): Judge {
  if (suspects.has(key)) {
    judges.ofSuspects ??= new Judge();
    return judges.ofSuspects;
  }
  judges.ofAll ??= new Judge();
  return judges.ofAll;
}

/** Why a final status is not an expected one, if it is not. */
function statusFailure(status: number, expected: Expectations['status']): Failure | undefined {
  if (expected.some(([from, to]) => from <= status && status <= to)) return undefined;
  const ranges = expected.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return new Failure('unexpected_status', `the status is ${status}, expected is ${ranges.join(', ')}`);
}
