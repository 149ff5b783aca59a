import type { ProbeResult } from '../../src/probe/result.ts';
import { Poller } from '../../src/schedule/poller.ts';
import type { Target } from '../../src/target/target.ts';
import { FakeClock } from './fake-clock.ts';

/** One probe as a test saw it; `endMs` is when it ends, in the future while it runs. */
export type Run = { readonly target: Target; readonly startMs: number; readonly endMs: number };

/** A result of a target as the probing thread would send it. */
export function resultOf({ key }: Target, overrides: Partial<ProbeResult> = {}): ProbeResult {
  return { key, result: 'success', startedMs: 0, endedMs: 0, endedAtMs: 0, phases: {}, ...overrides };
}

/** A poller on a fake clock, whose probes take as long as the test says. */
export function fakePoller(durationMs: (target: Target) => number = () => 10, clock = new FakeClock()) {
  const runs: Run[] = [];
  const results: ProbeResult[] = [];
  function probe(target: Target): Promise<ProbeResult> {
    const startedMs = clock.nowMs();
    const lastsMs = durationMs(target);
    runs.push({ target, startMs: startedMs, endMs: startedMs + lastsMs });
    return new Promise((resolve) => {
      const end = () => resolve(resultOf(target, { startedMs, endedMs: clock.nowMs() }));
      clock.setTimer(end, lastsMs);
    });
  }
  const poller = new Poller({ probe, clock, onResult: (result) => results.push(result) });
  return { clock, poller, runs, results };
}
