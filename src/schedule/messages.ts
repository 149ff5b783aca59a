import type { ProbeResult } from '../probe/result.ts';
import type { ThreadFigures } from '../runtime/thread-watch.ts';
import type { Target } from '../target/target.ts';

/** What the reporting half says to the probing half. */
export type TargetsMessage = {
  /** All targets of this process, replacing those before; a key that stays keeps its place in the schedule. */
  readonly targets: readonly Target[];
  /** Most probes at once. */
  readonly concurrency: number;
};

/** What the probing half says to the reporting half: sent as results come, and once a second in any case. */
export type ResultsMessage = {
  readonly results: readonly ProbeResult[];
  readonly inFlight: number;
  /** Probes left out since the last batch, because the one before still ran or our own loop stood still. */
  readonly skipped: number;
  /** Largest delay of a start against its due time since the last batch. */
  readonly lagMs: number;
  /** The probing thread itself, since the last batch. */
  readonly thread: ThreadFigures;
  /** For the log, such as a limit that was reached. */
  readonly warnings: readonly string[];
};
