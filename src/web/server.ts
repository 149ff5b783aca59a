import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ListenAddress } from '../config/command-line/listen-address.ts';
import type { WebConfig } from '../config/web/web-config.ts';
import type { Log } from '../log.ts';
import { requireLogin } from './basic-auth.ts';
import { Connections } from './connections.ts';
import { LIMITS } from './limits.ts';
import { Logins } from './login/logins.ts';
import { Port } from './port.ts';
import { addRefusals, closeWithError, hasBody, refuseMalformed } from './refusal.ts';
import { addRoutes, type WebOptions } from './routes.ts';

/** The web server of the exporter. */
export class WebServer {
  readonly #app: FastifyInstance;
  readonly #log: Log;
  readonly #logins = new Logins({
    maxChecks: LIMITS.passwordChecks.value,
    maxChecksPerAddress: LIMITS.passwordChecksPerAddress.value,
  });
  readonly #connections = new Connections({
    connections: LIMITS.connections.value,
    unanswered: LIMITS.unanswered.value,
    unsentBytes: LIMITS.unsentBytes.value,
  });
  readonly #port: Port;
  #headers: WebConfig['headers'] = {};
  // Responses that are not sent to their end.
  readonly #unsent = new Set<ServerResponse>();
  #isClosing = false;

  constructor(options: WebOptions, log: Log) {
    this.#log = log;
    this.#app = createApp(this.#connections);
    this.#port = new Port(this.#app.server, this.#connections);
    this.#app.addHook('onRequest', async (request, reply) => {
      this.#unsent.add(reply.raw.once('close', () => this.#unsent.delete(reply.raw)));
      if (hasBody(request)) reply.header('connection', 'close');
      return await requireLogin(this.#logins, request, reply);
    });
    this.#app.addHook('onSend', (request, reply, payload, next) => {
      reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...this.#headers });
      // Else the connection of a scrape in flight would stay open, idle, and delay the end.
      if (this.#isClosing || !this.#port.isCurrent(request.socket)) reply.header('connection', 'close');
      next(null, payload);
    });
    addRefusals(this.#app, log);
    addRoutes(this.#app, options);
  }

  /** Applies a new web config without closing the port. */
  applyConfig({ tls, users, headers }: WebConfig): void {
    this.#headers = headers;
    this.#logins.setUsers(users);
    this.#port.applyTls(tls);
  }

  /** Starts to listen and returns the real address; rejects with one clear sentence. */
  async listen(address: ListenAddress): Promise<ListenAddress> {
    try {
      await this.#app.listen({ ...address });
    } catch (error) {
      throw makeListenError(address, error);
    }
    const { server } = this.#app;
    // Such as no descriptor left to accept with; without a listener it would end the process.
    server.on('error', (err) => this.#log.error({ err }, 'the web server has an error'));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the web server has no TCP address');
    return { host: bound.address, port: bound.port };
  }

  /** Responds to requests in flight, closes idle connections at once and everything else after the time given. */
  async close(timeoutMs: number = LIMITS.closeMs.value): Promise<void> {
    this.#isClosing = true;
    const timer = setTimeout(() => this.#connections.closeAll(), timeoutMs);
    try {
      // For Node a response that is written has arrived: its close would cut those that are on their way.
      await Promise.all(
        Array.from(this.#unsent, (response) => new Promise((sent) => response.once('close', sent))),
      );
      await this.#app.close();
    } finally {
      clearTimeout(timer);
      await this.#logins.stop();
    }
  }
}

function createApp(connections: Connections): FastifyInstance {
  const app = Fastify({
    // One server, with TLS or without: for `localhost` fastify would make a second one without our limits.
    serverFactory: (listener) => createHttpServer(listener, connections),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: refuseMalformed,
    clientErrorHandler: closeWithError,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  // Requests have no body, so that there is none to parse.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

// Without compilers of ours, fastify loads two compilers of schemas, though no route has a schema.
function refuseSchema(): never {
  throw new Error('no route has a schema');
}

function createHttpServer(listener: RequestListener, connections: Connections): Server {
  const server = createServer(
    {
      maxHeaderSize: LIMITS.headerBytes.value,
      headersTimeout: LIMITS.requestMs.value,
      requestTimeout: LIMITS.requestMs.value,
      keepAliveTimeout: LIMITS.keepAliveMs.value,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      if (connections.admit(request, response)) listener(request, response);
    },
  );
  server.setTimeout(LIMITS.stallMs.value);
  return server;
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'permission denied (ports below 1024 are privileged)',
  EADDRNOTAVAIL: 'no interface of this machine has that address',
  ENOTFOUND: 'the host name is unknown',
};

function makeListenError({ host, port }: ListenAddress, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = LISTEN_ERRORS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Error(`cannot listen on ${address}: ${reason}`, { cause });
}
