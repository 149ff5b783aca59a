import type { ProbeResult } from '../../src/probe/result.ts';
import type { Target } from '../../src/target/target.ts';
import { type Handler, httpServer } from './http-server.ts';
import { probe } from './probe.ts';
import { type Overrides, target } from './target.ts';

const MOST_ROUNDS = 10;

/** Probes until there is a verdict: where the machine is too busy to match content there is none. */
export async function probeUntilVerdict(target: Target): Promise<ProbeResult> {
  let result = await probe(target);
  for (let round = 1; result.result === 'internal_error' && round < MOST_ROUNDS; round += 1) {
    result = await probe(target);
  }
  return result;
}

/** The verdict on a server that answers so. */
export async function probeServer(handler: Handler, settings: Overrides): Promise<ProbeResult> {
  await using server = await httpServer(handler);
  return await probeUntilVerdict(target(server.url(), settings));
}
