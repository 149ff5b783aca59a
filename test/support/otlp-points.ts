import { z } from 'zod';

const attributes = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
  .default([])
  .transform((list) => list.map(({ key, value }): [string, string] => [key, value.stringValue]));
const time = z.coerce.bigint();
const point = { attributes, startTimeUnixNano: time.optional(), timeUnixNano: time };
const numbers = z.array(z.object({ ...point, asDouble: z.number().default(0) }));
const histograms = z.array(
  z.object({
    ...point,
    count: z.coerce.number(),
    sum: z.number().default(0),
    bucketCounts: z.array(z.coerce.number()),
    explicitBounds: z.array(z.number()),
  }),
);
// 2 is cumulative, the only temporality that Prometheus takes.
const cumulative = z.literal(2);
const metric = z.object({
  name: z.string(),
  unit: z.literal('').default(''),
  gauge: z.object({ dataPoints: numbers }).optional(),
  sum: z
    .object({ dataPoints: numbers, aggregationTemporality: cumulative, isMonotonic: z.literal(true) })
    .optional(),
  histogram: z.object({ dataPoints: histograms, aggregationTemporality: cumulative }).optional(),
});
const request = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeMetrics: z.array(z.object({ metrics: z.array(metric) })),
    }),
  ),
});

/** A data point of OTLP as Prometheus would have it. */
export type OtlpPoint = {
  /** The series with its value as on /metrics, one line of it for a histogram's bucket, count and sum each. */
  readonly lines: readonly string[];
  readonly startMs: number | undefined;
  readonly endMs: number;
};

/** What was sent in one request. */
export type OtlpMetrics = {
  readonly resource: ReadonlyMap<string, string>;
  readonly points: readonly OtlpPoint[];
};

/** Reads a request in the shape of its JSON; throws at what we must not send, such as a unit. */
export function readMetrics(body: unknown): OtlpMetrics {
  const { resourceMetrics } = request.parse(body);
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) => scope.metrics),
  );
  return {
    resource: new Map(resourceMetrics.flatMap(({ resource }) => resource.attributes)),
    points: metrics.flatMap(pointsOf),
  };
}

function pointsOf({ name, gauge, sum, histogram }: z.infer<typeof metric>): OtlpPoint[] {
  const base = name.replaceAll('.', '_');
  const series = [
    ...(gauge?.dataPoints ?? []).map((its) => ({ its, name: base })),
    ...(sum?.dataPoints ?? []).map((its) => ({ its, name: `${base}_total` })),
  ].map(({ its, name: full }) => ({ ...timesOf(its), lines: [line(full, its.attributes, its.asDouble)] }));
  const ofHistogram = (histogram?.dataPoints ?? []).map((its) => ({
    ...timesOf(its),
    lines: [
      ...bucketsOf(its).map(([le, count]) => line(`${base}_bucket`, [...its.attributes, ['le', le]], count)),
      line(`${base}_count`, its.attributes, its.count),
      line(`${base}_sum`, its.attributes, its.sum),
    ],
  }));
  return [...series, ...ofHistogram];
}

function timesOf({
  startTimeUnixNano,
  timeUnixNano,
}: {
  startTimeUnixNano?: bigint | undefined;
  timeUnixNano: bigint;
}) {
  const startMs = startTimeUnixNano === undefined ? undefined : millisecondsOf(startTimeUnixNano);
  return { startMs, endMs: millisecondsOf(timeUnixNano) };
}

// Whole microseconds, as nanoseconds are too many for a number.
function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1000n) / 1000;
}

function bucketsOf({ bucketCounts, explicitBounds }: { bucketCounts: number[]; explicitBounds: number[] }) {
  let below = 0;
  return bucketCounts.map((count, index): [string, number] => {
    below += count;
    return [String(explicitBounds[index] ?? '+Inf'), below];
  });
}

function line(name: string, labels: readonly (readonly [string, string])[], value: number): string {
  const text = labels.map(([key, its]) => `${key}=${JSON.stringify(its)}`).join(',');
  return `${name}${text === '' ? '' : `{${text}}`} ${value}`;
}
