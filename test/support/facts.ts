import type { ProbeResult } from '../../src/probe/result.ts';
import { Cache } from '../../src/state/cache.ts';
import { type TargetFacts, targetFacts } from '../../src/state/facts.ts';
import { batch, resultOf } from './scrape.ts';
import { type Overrides, target } from './target.ts';

/** The facts of a target with one result, and those before it, a moment later. */
export function factsOf(
  url: string,
  result: Partial<ProbeResult> = {},
  overrides: Overrides = {},
): TargetFacts {
  const of = target(url, overrides);
  const cache = new Cache();
  cache.setTargets([of]);
  const latest = resultOf(of, result);
  cache.record(batch([latest]), latest.endedMs);
  const [state] = cache.states();
  if (state === undefined) throw new Error('the cache has lost its only target');
  return targetFacts(state, { nowMs: latest.endedMs + 1, wallMs: latest.endedAtMs + 1 });
}
