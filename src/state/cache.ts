import { isVerdict, type ProbeResult, type ResultName } from '../probe/result.ts';
import type { ResultsMessage } from '../schedule/messages.ts';
import type { Target } from '../target/target.ts';
import { History } from './history.ts';
import { LagWindow } from './window.ts';

/** What the latest result says of its target: nothing, if it is no verdict. */
export type Health = 'up' | 'down' | 'unknown';

/** What is known of one target. */
export type TargetState = {
  readonly target: Target;
  /** When its counters were at 0, Unix milliseconds. */
  readonly countedSinceMs: number;
  /** Its latest result, whatever its age, see {@link isFresh}. */
  readonly latest: ProbeResult | undefined;
  /** Probes by result since the start: the results it has had, and `success` in any case. */
  readonly counts: ReadonlyMap<ResultName, number>;
  /** Verdicts other than `success` since the start. */
  readonly failures: number;
  /** End of the first of the latest results that all say the same of the target's health, Unix milliseconds. */
  readonly sinceMs: number | undefined;
  readonly history: History;
};

type MutableState = {
  target: Target;
  readonly countedSinceMs: number;
  latest: ProbeResult | undefined;
  readonly counts: Map<ResultName, number>;
  failures: number;
  sinceMs: number | undefined;
  readonly history: History;
};

const STALE_AFTER_INTERVALS = 3;

/** Whether the latest result may still be told: it is at most 3 intervals and a timeout old, on the monotonic clock. */
export function isFresh({ target, latest }: Pick<TargetState, 'target' | 'latest'>, nowMs: number): boolean {
  return latest !== undefined && nowMs - latest.endedMs <= staleAfterMs(target);
}

/** The age from which a result is not told any more. */
export function staleAfterMs({ intervalMs, timeoutMs }: Target): number {
  return STALE_AFTER_INTERVALS * intervalMs + timeoutMs;
}

/** What a result says of its target, whatever its age. */
export function healthOf(latest: ProbeResult | undefined): Health {
  if (latest === undefined || !isVerdict(latest.result)) return 'unknown';
  return latest.result === 'success' ? 'up' : 'down';
}

/** The latest result of every target, with what is counted; filled from batches, read by whoever tells. */
export class Cache {
  #states = new Map<string, MutableState>();
  readonly #lag = new LagWindow();
  #inFlight = 0;
  #skipped = 0;

  /** Replaces all targets: kept keys keep result and counters, removed ones are forgotten. */
  setTargets(targets: readonly Target[]): void {
    const before = this.#states;
    this.#states = new Map();
    for (const target of targets) {
      const state = before.get(target.key) ?? newState(target);
      state.target = target;
      this.#states.set(target.key, state);
    }
  }

  /** Takes in what the prober has sent at `nowMs`; results of targets that are no more are left out. */
  record({ results, inFlight, skipped, lagMs }: ResultsMessage, nowMs: number): void {
    for (const result of results) this.#recordResult(result);
    this.#inFlight = inFlight;
    this.#skipped += skipped;
    this.#lag.record(lagMs, nowMs);
  }

  /** All targets in the order of the configuration. */
  states(): Iterable<TargetState> {
    return this.#states.values();
  }

  /** What is known of the target with this key. */
  state(key: string): TargetState | undefined {
    return this.#states.get(key);
  }

  get targets(): number {
    return this.#states.size;
  }

  /** Probes under way, as of the last batch. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Probes left out since the start. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Largest delay of a start against its due time within the last minute, in milliseconds. */
  lagMs(nowMs: number): number {
    return this.#lag.largestMs(nowMs);
  }

  #recordResult(result: ProbeResult): void {
    const state = this.#states.get(result.key);
    if (state === undefined) return;
    const name = result.result;
    if (state.latest === undefined || healthOf(state.latest) !== healthOf(result))
      state.sinceMs = result.endedAtMs;
    state.latest = result;
    state.history.record(result);
    state.counts.set(name, (state.counts.get(name) ?? 0) + 1);
    if (isVerdict(name) && name !== 'success') state.failures += 1;
  }
}

function newState(target: Target): MutableState {
  const counts = new Map<ResultName, number>([['success', 0]]);
  return {
    target,
    countedSinceMs: Date.now(),
    latest: undefined,
    counts,
    failures: 0,
    sinceMs: undefined,
    history: new History(),
  };
}
