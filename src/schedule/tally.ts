import type { ResultsMessage } from './messages.ts';

/** What the schedule reports beside results. */
export type Report = Pick<ResultsMessage, 'inFlight' | 'skipped' | 'lagMs' | 'warnings'>;

// Waits at the limit that are closer together than this are one episode, with one warning.
const EPISODE_GAP_MS = 60_000;

/** Counts what happens in the schedule between one report and the next. */
export class Tally {
  inFlight = 0;
  #skipped = 0;
  #lagMs = 0;
  #warnings: string[] = [];
  #lastLimitedMs = Number.NEGATIVE_INFINITY;

  countSkipped(probes: number): void {
    this.#skipped += probes;
  }

  countStart(lagMs: number): void {
    this.inFlight += 1;
    this.countLag(lagMs);
  }

  /** Records by how much a probe is late, whether it still starts or is skipped. */
  countLag(lagMs: number): void {
    this.#lagMs = Math.max(this.#lagMs, lagMs);
  }

  noteLimit(concurrency: number, nowMs: number): void {
    if (nowMs - this.#lastLimitedMs > EPISODE_GAP_MS) {
      this.#warnings.push(
        `${concurrency} probes run at once, the limit (concurrency): probes that are due wait`,
      );
    }
    this.#lastLimitedMs = nowMs;
  }

  noteStall(stalledMs: number): void {
    const lost = `the ${this.inFlight} probes in flight end as internal_error`;
    this.#warnings.push(`probing stood still for ${Math.round(stalledMs)} ms: ${lost}`);
  }

  /** What has happened since the last call. */
  take(): Report {
    const { inFlight } = this;
    const report = { inFlight, skipped: this.#skipped, lagMs: this.#lagMs, warnings: this.#warnings };
    this.#skipped = 0;
    this.#lagMs = 0;
    this.#warnings = [];
    return report;
  }
}
