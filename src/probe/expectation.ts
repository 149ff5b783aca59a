import type { Expectations, Target } from '../config/target.ts';
import { Failure } from './failure.ts';
import { Judge } from './judge.ts';
import type { Final } from './walk.ts';

/** Whether the final body is needed to say what a response is worth. */
export function isContentExpected({ body, json }: Expectations): boolean {
  return body.length + json.length > 0;
}

// Matching may take long, so it is done in another thread; most targets expect nothing of the kind.
function needsJudge({ headers, body, json }: Expectations): boolean {
  return headers.length + body.length + json.length > 0;
}

/** Whether a final response is as expected; the failure tells what is not. */
export function judge(
  final: Final,
  { expect, maxBodyBytes }: Target,
): Promise<Failure | undefined> | Failure | undefined {
  const failure = statusFailure(final.status, expect.status);
  if (failure !== undefined || !needsJudge(expect)) return failure;
  const { headers, content } = final;
  return contentJudge().ask({ expect, maxBytes: maxBodyBytes, headers, ...(content && { content }) });
}

let shared: Judge | undefined;

function contentJudge(): Judge {
  shared ??= new Judge();
  return shared;
}

/** Why a final status is not an expected one, if it is not. */
export function statusFailure(status: number, expected: Expectations['status']): Failure | undefined {
  if (expected.some(([from, to]) => from <= status && status <= to)) return undefined;
  const ranges = expected.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return new Failure('unexpected_status', `the status is ${status}, expected is ${ranges.join(', ')}`);
}
