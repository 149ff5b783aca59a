import type { ProbeResult } from '../probe/result.ts';
import type { ThreadFigures } from '../runtime/thread-watch.ts';
import type { Target } from '../target/target.ts';

/** What the main thread sends to the probing thread. */
export type TargetsMessage = {
  /** All targets of this process, replacing those before; a key that stays keeps its place in the schedule. */
  readonly targets: readonly Target[];
  /** Most probes at once. */
  readonly concurrency: number;
};

/** What the probing thread sends: a batch of results as they come, and a sign of life each second. */
export type ResultsMessage = {
  readonly results: readonly ProbeResult[];
  /** When it was sent, on the monotonic clock. */
  readonly sentMs: number;
  /** When the thread got its first targets, on the monotonic clock; undefined before that. */
  readonly probingSinceMs: number | undefined;
  readonly inFlight: number;
  /** Probes skipped since the last batch, because the one before still ran or the exporter itself stood still. */
  readonly skipped: number;
  /** Largest delay of a start against its due time since the last batch. */
  readonly lagMs: number;
  /** The probing thread itself, since the last batch. */
  readonly thread: ThreadFigures;
  /** For the log, such as a limit that was reached. */
  readonly warnings: readonly string[];
};
