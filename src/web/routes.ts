import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TargetFacts } from '../state/facts.ts';
import { ENDPOINTS, type EndpointPath } from './endpoints.ts';
import { respond, respondWithText } from './response.ts';
import { readPageFile, renderPage } from './status/page.ts';
import { parseQuery } from './status/query.ts';

/** What the web server is made with: where its responses come from. */
export type WebOptions = {
  /** The metrics as Prometheus text; a rejection becomes a 500. Undefined where metrics are only pushed. */
  readonly scrape: (() => Promise<string | Buffer>) | undefined;
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

/** Adds the handler of every endpoint; HEAD comes with each GET. */
export function addRoutes(app: FastifyInstance, options: WebOptions): void {
  const handlers = handlersOf(options);
  for (const { path, method } of ENDPOINTS) app.route({ url: path, method, handler: handlers[path] });
}

function handlersOf(options: WebOptions): Readonly<Record<EndpointPath, Handler>> {
  const { scrape } = options;
  const inTurn = takeTurns();
  const metrics: Handler = async (request, reply) =>
    scrape === undefined
      ? respond(reply, 404, 'Metrics are only pushed: prometheus is not in OTEL_METRICS_EXPORTER.')
      : respondWithText(request, reply, EXPOSITION_TYPE, await scrape());
  return {
    '/': inTurn((request, reply) => sendPage(request, reply, options)),
    '/metrics': metrics,
    '/metrics/': metrics,
    '/api/v1/targets': inTurn(
      sendText('application/json', () => `${JSON.stringify({ targets: options.targets() })}\n`),
    ),
    '/config': inTurn(sendText('text/plain', options.config)),
    '/-/healthy': async (_request, reply) => {
      // After a block of this loop, the messages of the probing thread that came meanwhile are read first.
      await nextTurn();
      return options.isHealthy()
        ? respond(reply, 200, 'Healthy: probes are being scheduled.')
        : respond(reply, 503, 'Not healthy: the scheduler of probes has stalled.');
    },
    '/-/ready': (_request, reply) =>
      options.isReady()
        ? respond(reply, 200, 'Ready: the first round of probes is over.')
        : respond(reply, 503, 'Not ready: the first round of probes is not over, or shutdown has begun.'),
    '/-/reload': (request, reply) => reload(request, reply, options),
    '/status.css': sendFile('text/css', 'status.css'),
    '/status.js': sendFile('text/javascript', 'status.js'),
    '/status.svg': sendFile('image/svg+xml', 'status.svg'),
  };
}

/**
 * Lets handlers whose response grows with the targets run one after the other, with a turn of the event loop in between:
 * otherwise a hundred requests at once would hold all their responses in memory and block every scrape.
 */
function takeTurns(): (handler: Handler) => Handler {
  let last: Promise<unknown> = Promise.resolve();
  return (handler) => (request, reply) => {
    const turn = last.then(() => (request.socket.destroyed ? reply.hijack() : handler(request, reply)));
    last = turn.then(nextTurn, nextTurn);
    return turn;
  };
}

function sendText(type: string, makeText: () => string | Buffer): Handler {
  return (request, reply) => respondWithText(request, reply, `${type}; charset=utf-8`, makeText());
}

function sendFile(type: string, name: string): Handler {
  const content = readPageFile(name);
  return sendText(type, () => content);
}

function sendPage(request: FastifyRequest, reply: FastifyReply, options: WebOptions): Promise<FastifyReply> {
  const query = parseQuery(new URLSearchParams(request.url.split('?')[1]));
  const page = renderPage({
    targets: options.targets(),
    query,
    nowMs: Date.now(),
    version: options.version,
  });
  reply.header('content-security-policy', PAGE_POLICY).header('referrer-policy', 'no-referrer');
  return respondWithText(request, reply, 'text/html; charset=utf-8', page);
}

async function reload(
  request: FastifyRequest,
  reply: FastifyReply,
  options: WebOptions,
): Promise<FastifyReply> {
  if (options.reload === undefined) {
    return respond(reply, 403, 'Reloading over HTTP is off; --web.enable-lifecycle turns it on.');
  }
  // With the login of a browser, a page of another site could send this request.
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    return respond(reply, 403, 'A page of another site must not reload the config.');
  }
  const faults = await options.reload();
  if (faults.length === 0) return respond(reply, 200, 'Reloaded: the new config is in effect.');
  return respond(reply, 500, `Not reloaded, the old config stays in effect:\n${faults.join('\n')}`);
}
