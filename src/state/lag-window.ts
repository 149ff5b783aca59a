const SECONDS = 60;

/** The largest value within the last minute, by whole seconds: a ring, whose memory never grows. */
export class LagWindow {
  readonly #largest = new Float64Array(SECONDS);
  readonly #second = new Float64Array(SECONDS).fill(Number.NEGATIVE_INFINITY);

  record(lagMs: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const index = second % SECONDS;
    const before = this.#second[index] === second ? (this.#largest[index] ?? 0) : 0;
    this.#second[index] = second;
    this.#largest[index] = Math.max(before, lagMs);
  }

  /** Milliseconds; 0 when nothing was recorded within the minute. */
  largestMs(nowMs: number): number {
    const oldest = Math.floor(nowMs / 1000) - SECONDS;
    return this.#largest.reduce(
      (largest, lagMs, index) => ((this.#second[index] ?? 0) > oldest ? Math.max(largest, lagMs) : largest),
      0,
    );
  }
}
