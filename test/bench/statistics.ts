/** The value below which this share (0 to 1) of the values lies; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle of the values; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** The arithmetic mean; NaN where there are no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The quantiles by which an error is reported. */
export type Spread = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
};

/** Where the values lie. */
export function spread(values: readonly number[]): Spread {
  return {
    p50: quantile(values, 0.5),
    p90: quantile(values, 0.9),
    p99: quantile(values, 0.99),
    max: quantile(values, 1),
  };
}

// Upper bounds in milliseconds, twice the one before.
const BOUNDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32, Number.POSITIVE_INFINITY];

/** How many values (milliseconds) lie in each part of the scale, by its upper bound. */
export function histogram(values: readonly number[]): Readonly<Record<string, number>> {
  const counts = Object.fromEntries(BOUNDS.map((bound) => [`<= ${bound}`, 0]));
  for (const value of values) {
    const bound = `<= ${BOUNDS.find((upper) => value <= upper) ?? Number.POSITIVE_INFINITY}`;
    counts[bound] = (counts[bound] ?? 0) + 1;
  }
  return counts;
}
