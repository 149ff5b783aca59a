import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/command-line/listen-address.ts';
import type { WebConfig } from '../config/web/web-config.ts';
import type { Log } from '../log.ts';
import { Connections } from './connections.ts';
import { authenticate } from './login/basic-auth.ts';
import { Logins } from './login/logins.ts';
import { Port } from './port.ts';
import { badRequest, hangUp, hasBody, refuseTheRest } from './refusal.ts';
import { addRoutes, type WebDuties } from './routes.ts';

/** Generous for a scraper or a person, too little for somebody who wants to hold on to connections. */
const LIMITS = {
  maxHeaderBytes: 16_384,
  requestTimeoutMs: 10_000,
  // Without a byte in either direction, such as a reader that stopped reading.
  idleTimeoutMs: 60_000,
  // Above the usual scrape interval of a minute, so that scrapes reuse their connection.
  keepAliveTimeoutMs: 75_000,
  connections: 512,
  // Scrapers and browsers send the next request after the answer.
  unanswered: 16,
  // Twenty scrapers at once of the plain text of 10,000 targets, which is one text for all of them.
  unsentBytes: 256 * 1024 ** 2,
  // Those that come while one makes room for them.
  surplusConnections: 512,
  closeTimeoutMs: 2000,
} as const;

/** The web server of the exporter. */
export class WebServer {
  readonly #app: FastifyInstance;
  readonly #log: Log;
  readonly #logins = new Logins();
  readonly #connections = new Connections(LIMITS);
  readonly #port: Port;
  #headers: WebConfig['headers'] = {};
  // Answers that are not sent to their end.
  readonly #unsent = new Set<ServerResponse>();
  #closing = false;

  constructor(duties: WebDuties, log: Log) {
    this.#log = log;
    this.#app = createApp(this.#connections);
    this.#port = new Port(this.#app.server, this.#connections);
    this.#app.addHook('onRequest', async (request, reply) => {
      this.#unsent.add(reply.raw.once('close', () => this.#unsent.delete(reply.raw)));
      if (hasBody(request)) reply.header('connection', 'close');
      return await authenticate(this.#logins, request, reply);
    });
    this.#app.addHook('onSend', (request, reply, payload, next) => {
      reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...this.#headers });
      // Else the connection of a scrape in flight would live on, idle, and hold up the end.
      if (this.#closing || !this.#port.isCurrent(request.socket)) reply.header('connection', 'close');
      next(null, payload);
    });
    refuseTheRest(this.#app, log);
    addRoutes(this.#app, duties);
  }

  /** Takes TLS, users and header fields from now on as told; the port stays open. */
  secure({ tls, users, headers }: WebConfig): void {
    this.#headers = headers;
    this.#logins.setUsers(users);
    this.#port.secure(tls);
  }

  /** Starts to listen and returns the real address; rejects with one clear sentence. */
  async listen(wanted: ListenAddress): Promise<ListenAddress> {
    try {
      await this.#app.listen({ ...wanted });
    } catch (error) {
      throw cannotListen(wanted, error);
    }
    const { server } = this.#app;
    server.maxConnections = LIMITS.connections + LIMITS.surplusConnections;
    // Such as no descriptor left to accept with; unheard, it would end the process.
    server.on('error', (err) => this.#log.error({ err }, 'the web server has a fault'));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the web server has no TCP address');
    return { host: address.address, port: address.port };
  }

  /** Answers requests in flight, closes idle connections at once and everything else after the time given. */
  async close(timeoutMs: number = LIMITS.closeTimeoutMs): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => this.#connections.hangUp(), timeoutMs);
    try {
      // Node takes an answer that is written for one that has arrived: its close would cut those on their way.
      await Promise.all([...this.#unsent].map((answer) => new Promise((sent) => answer.once('close', sent))));
      await this.#app.close();
    } finally {
      clearTimeout(timer);
      await this.#logins.stop();
    }
  }
}

function createApp(connections: Connections): FastifyInstance {
  const app = Fastify({
    // One server, which speaks TLS or not: for `localhost` fastify would make a second one that nobody secures.
    serverFactory: (listener) => httpServer(listener, connections),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: badRequest,
    clientErrorHandler: hangUp,
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
  });
  // No body is taken, so that there is nothing to parse or to complain of.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

// Where it has none of ours, fastify loads two compilers of schemas, 3 MB, though no route has a schema.
function noSchema(): never {
  throw new Error('no route has a schema');
}

function httpServer(listener: RequestListener, connections: Connections): Server {
  const server = createServer(
    {
      maxHeaderSize: LIMITS.maxHeaderBytes,
      headersTimeout: LIMITS.requestTimeoutMs,
      requestTimeout: LIMITS.requestTimeoutMs,
      keepAliveTimeout: LIMITS.keepAliveTimeoutMs,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      if (connections.admits(request, response)) listener(request, response);
    },
  );
  server.setTimeout(LIMITS.idleTimeoutMs);
  return server;
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'permission denied (ports below 1024 are privileged)',
  EADDRNOTAVAIL: 'no interface of this machine has that address',
  ENOTFOUND: 'the host name is unknown',
};

function cannotListen({ host, port }: ListenAddress, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = LISTEN_ERRORS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Error(`cannot listen on ${address}: ${reason}`, { cause });
}
