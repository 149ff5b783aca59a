import Fastify, { type FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { badRequest, hangUp, refuseTheRest } from './refusal.ts';
import { addRoutes, type WebDuties } from './routes.ts';

/** Where to listen; the host '' is every interface, port 0 any free one. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** Generous for a scraper or a person, too little for somebody who wants to hold on to connections. */
const LIMITS = {
  maxHeaderBytes: 16_384,
  requestTimeoutMs: 10_000,
  // Without a byte in either direction, such as a reader that stopped reading.
  idleTimeoutMs: 60_000,
  // Above the usual scrape interval of a minute, so that scrapes reuse their connection.
  keepAliveTimeoutMs: 75_000,
  connections: 512,
  closeTimeoutMs: 2000,
} as const;

/** The web server of the exporter. */
export class WebServer {
  readonly #app: FastifyInstance;
  readonly #log: Log;
  #closing = false;

  constructor(duties: WebDuties, log: Log) {
    this.#log = log;
    this.#app = createApp();
    this.#app.addHook('onSend', (_request, reply, payload, next) => {
      reply.header('x-content-type-options', 'nosniff');
      // Else the connection of a scrape in flight would live on, idle, and hold up the end.
      if (this.#closing) reply.header('connection', 'close');
      next(null, payload);
    });
    refuseTheRest(this.#app, log);
    addRoutes(this.#app, duties);
  }

  /** Starts to listen and returns the real address; rejects with one clear sentence. */
  async listen(wanted: ListenAddress): Promise<ListenAddress> {
    try {
      await this.#app.listen({ ...wanted });
    } catch (error) {
      throw cannotListen(wanted, error);
    }
    const { server } = this.#app;
    server.maxConnections = LIMITS.connections;
    // Such as no descriptor left to accept with; unheard, it would end the process.
    server.on('error', (err) => this.#log.error({ err }, 'the web server has a fault'));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the web server has no TCP address');
    return { host: address.address, port: address.port };
  }

  /** Answers requests in flight, closes idle connections at once and everything else after the time given. */
  async close(timeoutMs: number = LIMITS.closeTimeoutMs): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => this.#app.server.closeAllConnections(), timeoutMs);
    try {
      await this.#app.close();
    } finally {
      clearTimeout(timer);
    }
  }
}

function createApp(): FastifyInstance {
  return Fastify({
    http: {
      maxHeaderSize: LIMITS.maxHeaderBytes,
      headersTimeout: LIMITS.requestTimeoutMs,
      connectionsCheckingInterval: 1000,
    },
    requestTimeout: LIMITS.requestTimeoutMs,
    connectionTimeout: LIMITS.idleTimeoutMs,
    keepAliveTimeout: LIMITS.keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: badRequest,
    clientErrorHandler: hangUp,
  });
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
