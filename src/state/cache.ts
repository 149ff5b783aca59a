import { isVerdict, type ProbeResult, type ResultName } from '../probe/result.ts';
import type { ResultsMessage } from '../schedule/messages.ts';
import type { Target } from '../target/target.ts';
import { History } from './history.ts';
import { LagWindow } from './lag-window.ts';
import { healthOf, type TargetState } from './target-state.ts';
import { type Transition, transitionOf } from './transition.ts';

type MutableState = { -readonly [Key in keyof TargetState]: TargetState[Key] } & {
  readonly counts: Map<ResultName, number>;
};

/** The latest result of every target, with its counters; the reporting half reads it. */
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

  /**
   * Records what the probing thread has sent at `nowMs`, and returns what that has changed; results of targets that
   * were removed are ignored.
   */
  record({ results, inFlight, skipped, lagMs }: ResultsMessage, nowMs: number): readonly Transition[] {
    this.#inFlight = inFlight;
    this.#skipped += skipped;
    this.#lag.record(lagMs, nowMs);
    return results.flatMap((result) => this.#recordResult(result) ?? []);
  }

  /** All targets in the order of the configuration. */
  states(): Iterable<TargetState> {
    return this.#states.values();
  }

  /** What is known about the target with this key. */
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

  #recordResult(result: ProbeResult): Transition | undefined {
    const state = this.#states.get(result.key);
    if (state === undefined) return undefined;
    const transition = transitionOf(state, result);
    const name = result.result;
    if (state.latest === undefined || healthOf(state.latest) !== healthOf(result))
      state.sinceMs = result.endedAtMs;
    state.latest = result;
    state.history.record(result);
    state.counts.set(name, (state.counts.get(name) ?? 0) + 1);
    if (isVerdict(name) && name !== 'success') state.failures += 1;
    return transition;
  }
}

function newState(target: Target): MutableState {
  return {
    target,
    countedSinceMs: Date.now(),
    latest: undefined,
    counts: new Map([['success', 0]]),
    failures: 0,
    sinceMs: undefined,
    history: new History(),
  };
}
