import { probe as probeWith } from '../../src/probe/probe.ts';
import { ProbeResources } from '../../src/probe/resources.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import type { Target } from '../../src/target/target.ts';

const resources = new ProbeResources();

/** Probes a target; all probes of a test file share what the probes of one thread share. */
export function probe(target: Target): Promise<ProbeResult> {
  return probeWith(target, resources);
}
