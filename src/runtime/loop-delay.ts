import { monitorEventLoopDelay } from 'node:perf_hooks';
import { nowMs } from './clock.ts';

const RESOLUTION_MS = 20;
// A loop that has this many quiet samples behind it is watched by its work alone; most scrapers come sooner.
const SAMPLES_TO_QUIET = 60;

/**
 * Watches the delays of the event loop of the thread it is made in. Timers of 20 ms tell them while there is work. A loop
 * at rest would wake up for little else (1 % of a core for the process; without them and the schedule's heartbeat 0.2 %),
 * and there no delay is longer than all the work of the time.
 */
export class LoopDelay {
  // In turn: a reset forgets a delay that spans it, which then falls in the midst of the other's time.
  readonly #monitors = [newMonitor(), newMonitor()] as const;
  #samples = 0;
  #quietSamples = 0;
  #sampledMs = nowMs();
  #before = performance.eventLoopUtilization();

  constructor() {
    this.#watch();
  }

  /** Watches from now on: the work that is about to begin is long, but not one piece. */
  wake(): void {
    if (this.#quietSamples >= SAMPLES_TO_QUIET) this.#watch();
    this.#quietSamples = 0;
  }

  /**
   * The largest delay since the last sample but one, in milliseconds; samples are to be taken every `everyMs`. After a rest
   * the first work is taken for one piece.
   */
  sample(everyMs: number): number {
    const { active } = performance.eventLoopUtilization(this.#before);
    const lateMs = nowMs() - this.#sampledMs - everyMs;
    this.#before = performance.eventLoopUtilization();
    this.#sampledMs += everyMs + lateMs;
    const wasWatched = this.#quietSamples < SAMPLES_TO_QUIET;
    const isQuiet = Math.max(active, lateMs) <= RESOLUTION_MS;
    const delayMs = wasWatched ? this.#watchedMs() : Math.max(lateMs, isQuiet ? 0 : active);
    this.#quietSamples = isQuiet ? this.#quietSamples + 1 : 0;
    if (!wasWatched && !isQuiet) this.#watch();
    if (wasWatched && this.#quietSamples === SAMPLES_TO_QUIET) this.stop();
    return delayMs;
  }

  stop(): void {
    for (const monitor of this.#monitors) monitor.disable();
  }

  #watch(): void {
    for (const monitor of this.#monitors) {
      monitor.reset();
      monitor.enable();
    }
  }

  #watchedMs(): number {
    this.#samples += 1;
    const [even, odd] = this.#monitors;
    const monitor = this.#samples % 2 === 0 ? even : odd;
    // What is measured holds the resolution.
    const delayMs = monitor.max / 1e6 - RESOLUTION_MS;
    monitor.reset();
    return delayMs;
  }
}

function newMonitor(): ReturnType<typeof monitorEventLoopDelay> {
  return monitorEventLoopDelay({ resolution: RESOLUTION_MS });
}
