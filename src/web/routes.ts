import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip, gzipped } from './gzip.ts';

/** What the web server is handed: it knows nothing of probes or metrics. */
export type WebDuties = {
  /** The metrics as Prometheus text; a rejection is answered with 500. */
  readonly scrape: () => Promise<string>;
  readonly isHealthy: () => boolean;
  readonly isReady: () => boolean;
};

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#basic-info */
const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const LANDING_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>external-url-exporter</title></head>
<body><h1>external-url-exporter</h1>
<ul><li><a href="/metrics">/metrics</a></li>
<li><a href="/-/healthy">/-/healthy</a></li>
<li><a href="/-/ready">/-/ready</a></li></ul></body></html>
`;

/** Adds every path that is answered; HEAD comes with each GET. */
export function addRoutes(app: FastifyInstance, { scrape, isHealthy, isReady }: WebDuties): void {
  for (const path of ['/metrics', '/metrics/']) {
    app.get(path, async (request, reply) => sendText(request, reply, await scrape()));
  }
  app.get('/-/healthy', (_request, reply) =>
    isHealthy()
      ? tell(reply, 200, 'Healthy: probes are being scheduled.')
      : tell(reply, 503, 'Not healthy: the scheduler of probes has stalled.'),
  );
  app.get('/-/ready', (_request, reply) =>
    isReady()
      ? tell(reply, 200, 'Ready: every target has been looked at.')
      : tell(reply, 503, 'Not ready: the first results are awaited, or shutdown has begun.'),
  );
  app.get('/', (_request, reply) =>
    reply
      .header('content-security-policy', "default-src 'none'")
      .type('text/html; charset=utf-8')
      .send(LANDING_PAGE),
  );
}

async function sendText(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  reply.type(EXPOSITION_TYPE).header('vary', 'Accept-Encoding');
  const smaller = acceptsGzip(request.headers['accept-encoding']) ? await gzipped(text) : undefined;
  if (smaller === undefined) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(smaller);
}

function tell(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${sentence}\n`);
}
