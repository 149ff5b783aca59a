import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TargetFacts } from '../state/facts.ts';
import { sendText, tell } from './answer.ts';
import { ENDPOINTS, type EndpointPath } from './endpoints.ts';
import type { Text } from './gzip.ts';
import { statusPage } from './status/page.ts';
import { statusQuery } from './status/query.ts';
import { STATUS_SCRIPT } from './status/script.ts';
import { STATUS_ICON, STATUS_STYLE } from './status/style.ts';
import { Turns } from './turns.ts';

/** What the web server is handed: it knows nothing of probes or metrics. */
export type WebDuties = {
  /** The metrics as Prometheus text; a rejection is answered with 500. Undefined where they are only pushed. */
  readonly scrape: (() => Promise<Text>) | undefined;
  readonly isHealthy: () => boolean;
  readonly isReady: () => boolean;
  /** The facts of every target at this moment. */
  readonly targets: () => readonly TargetFacts[];
  /** The config in effect as YAML, secrets hidden. */
  readonly config: () => string;
  /** Reloads the config: the lines of its faults, none if it is in effect. Undefined where that is not allowed. */
  readonly reload: (() => Promise<readonly string[]>) | undefined;
  /** The version that is running. */
  readonly version: string;
};

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>;

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#basic-info */
const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds every path that is answered; HEAD comes with each GET. */
export function addRoutes(app: FastifyInstance, duties: WebDuties): void {
  const handlers = handlersOf(duties);
  for (const { path, method } of ENDPOINTS) app.route({ url: path, method, handler: handlers[path] });
}

function handlersOf(duties: WebDuties): Readonly<Record<EndpointPath, Handler>> {
  const { scrape } = duties;
  const turns = new Turns();
  // What grows with the targets and is made anew for each request.
  const costly =
    (handler: Handler): Handler =>
    (request, reply) =>
      turns.take(async () => (request.socket.destroyed ? reply.hijack() : await handler(request, reply)));
  const metrics: Handler = async (request, reply) =>
    scrape === undefined
      ? tell(reply, 404, 'Metrics are not scraped here: prometheus is not in OTEL_METRICS_EXPORTER.')
      : sendText(request, reply, EXPOSITION_TYPE, await scrape());
  const asset =
    (type: string, text: string): Handler =>
    (request, reply) =>
      sendText(request, reply, `${type}; charset=utf-8`, text);
  return {
    '/': costly((request, reply) => sendPage(request, reply, duties)),
    '/metrics': metrics,
    '/metrics/': metrics,
    '/api/v1/targets': costly((request, reply) =>
      asset('application/json', `${JSON.stringify({ targets: duties.targets() })}\n`)(request, reply),
    ),
    '/config': costly((request, reply) => asset('text/plain', duties.config())(request, reply)),
    '/-/healthy': async (_request, reply) => {
      // After a block of this loop the signs of life that came meanwhile are heard in the same turn as the question.
      await nextTurn();
      return duties.isHealthy()
        ? tell(reply, 200, 'Healthy: probes are being scheduled.')
        : tell(reply, 503, 'Not healthy: the scheduler of probes has stalled.');
    },
    '/-/ready': (_request, reply) =>
      duties.isReady()
        ? tell(reply, 200, 'Ready: every target has been looked at.')
        : tell(reply, 503, 'Not ready: the first results are awaited, or shutdown has begun.'),
    '/-/reload': (request, reply) => reload(request, reply, duties),
    '/status.css': asset('text/css', STATUS_STYLE),
    '/status.js': asset('text/javascript', STATUS_SCRIPT),
    '/status.svg': asset('image/svg+xml', STATUS_ICON),
  };
}

function sendPage(request: FastifyRequest, reply: FastifyReply, duties: WebDuties): Promise<FastifyReply> {
  const query = statusQuery(new URLSearchParams(request.url.split('?')[1]));
  const page = statusPage({ targets: duties.targets(), query, nowMs: Date.now(), version: duties.version });
  reply.header('content-security-policy', PAGE_POLICY).header('referrer-policy', 'no-referrer');
  return sendText(request, reply, 'text/html; charset=utf-8', page);
}

async function reload(
  request: FastifyRequest,
  reply: FastifyReply,
  duties: WebDuties,
): Promise<FastifyReply> {
  if (duties.reload === undefined) {
    return tell(reply, 403, 'Reloading over HTTP is off; --web.enable-lifecycle turns it on.');
  }
  // A browser that is logged in must not be sent here by a page of somebody else.
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    return tell(reply, 403, 'Reloading at the wish of another site is not allowed.');
  }
  const faults = await duties.reload();
  if (faults.length === 0) return tell(reply, 200, 'Reloaded: the config is in effect.');
  return tell(reply, 500, `Not reloaded, the config before stays in effect:\n${faults.join('\n')}`);
}
