import type { Expectations } from '../../target/target.ts';
import { Failure } from '../failure.ts';

/** Whether the final body is needed to check a response. */
export function isBodyExpected({ body, json }: Expectations): boolean {
  return body.length + json.length > 0;
}

/** Why a final status is not an expected one, if it is not. */
export function statusFailure(status: number, expected: Expectations['status']): Failure | undefined {
  if (expected.some(([from, to]) => from <= status && status <= to)) return undefined;
  const ranges = expected.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return new Failure('unexpected_status', `the status is ${status}, expected is ${ranges.join(', ')}`);
}
