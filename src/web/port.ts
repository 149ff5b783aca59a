import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { WebTls } from '../config/web/tls.ts';
import { isAdmitted } from './client-certificate.ts';
import type { Connections } from './connections.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Speaks HTTP or HTTPS on the port of an HTTP server, as the web config of the moment wants it: connections are handed
 * over by the `connection` event, for which Node.js provides, so that the port stays open whatever changes.
 */
export class Port {
  readonly #http: Server;
  readonly #serve: (socket: Socket) => void;
  readonly #connections: Connections;
  #tls: TlsServer | undefined;
  #told: string | undefined;
  #current = new WeakSet<Socket>();

  constructor(http: Server, connections: Connections) {
    const listeners = http.listeners('connection');
    this.#http = http;
    this.#connections = connections;
    this.#serve = (socket) => {
      this.#current.add(socket);
      for (const listener of listeners) listener.call(http, socket);
    };
    http.removeAllListeners('connection');
    http.on('connection', (socket: Socket) => this.#accept(socket));
  }

  /** Takes what comes from now on as told; if that is new, idle connections are closed, the others after their answer. */
  secure(tls: WebTls | undefined): void {
    const told = JSON.stringify(tls);
    if (told === this.#told) return;
    this.#told = told;
    this.#tls = tls && this.#tlsServer(tls);
    this.#current = new WeakSet();
    this.#http.closeIdleConnections();
  }

  /** Whether a connection was made under the web config that is in effect. */
  isCurrent(socket: Socket): boolean {
    return this.#current.has(socket);
  }

  #accept(socket: Socket): void {
    this.#connections.accept(socket);
    if (this.#tls === undefined) this.#serve(socket);
    else this.#tls.emit('connection', socket);
  }

  #tlsServer(tls: WebTls): TlsServer {
    const { clientAuth } = tls;
    const server = createServer({
      ...tls.context,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      requestCert: clientAuth !== 'NoClientCert',
      rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      // The config may have changed while the handshake took place.
      if (server === this.#tls && isAdmitted(socket, tls)) this.#serve(socket);
      else socket.destroy();
    });
    return server;
  }
}
