import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, beforeEach } from 'node:test';

/**
 * What the machine itself may add to a time within a test of this file: each of a few steps may be held up as long as
 * our own loop was at most. The times that are promised hold on top of it.
 */
export function loopNoise(): () => number {
  const delays = monitorEventLoopDelay({ resolution: 2 });
  before(() => delays.enable());
  beforeEach(() => delays.reset());
  after(() => delays.disable());
  return () => (4 * delays.max) / 1e6;
}
