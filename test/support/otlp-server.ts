import * as z from 'zod';
import { type HttpServer, httpServer } from './http-server.ts';

/** A data point as it was pushed; of a histogram the value is its count. */
export type Point = {
  /** With dots, as on OTLP. */
  readonly name: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Unix nanoseconds, as text; a gauge may have none. */
  readonly startTime: string | undefined;
};

const attributesSchema = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
  .transform((attributes) => new Map(attributes.map(({ key, value }) => [key, value.stringValue])));

const pointsSchema = z.object({
  dataPoints: z.array(
    z.object({
      attributes: attributesSchema,
      startTimeUnixNano: z.string().optional(),
      asDouble: z.number().optional(),
      asInt: z.coerce.number().optional(),
      count: z.coerce.number().optional(),
    }),
  ),
});

const requestSchema = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({
              name: z.string(),
              gauge: pointsSchema.optional(),
              sum: pointsSchema.optional(),
              histogram: pointsSchema.optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** Starts a receiver of OTLP over HTTP, for `http/json`; it hands out the points of each request. */
export function otlpServer(onPush: (points: readonly Point[]) => void): Promise<HttpServer> {
  return httpServer(({ body }, response) => {
    onPush(pointsOf(body));
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
}

function pointsOf(body: string): readonly Point[] {
  const { resourceMetrics } = requestSchema.parse(JSON.parse(body));
  const metrics = resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics);
  return metrics.flatMap(({ name, gauge, sum, histogram }) => [
    ...pointsOfKind(name, 'gauge', gauge),
    ...pointsOfKind(name, 'counter', sum),
    ...pointsOfKind(name, 'histogram', histogram),
  ]);
}

function pointsOfKind(
  name: string,
  kind: Point['kind'],
  points: z.output<typeof pointsSchema> | undefined,
): readonly Point[] {
  return (points?.dataPoints ?? []).map(({ attributes, startTimeUnixNano, asDouble, asInt, count }) => ({
    name,
    kind,
    labels: attributes,
    value: asDouble ?? asInt ?? count ?? Number.NaN,
    startTime: startTimeUnixNano,
  }));
}
