import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { WebTls } from '../config/web/tls.ts';
import { isAdmitted } from './client-certificate.ts';
import type { Connections } from './connections.ts';
import { LIMITS } from './limits.ts';

/**
 * Serves HTTP or HTTPS on the port of an HTTP server, as the web config of the moment says. Connections reach the server
 * by its `connection` event, which Node.js allows, so that the port stays open when the config changes.
 */
export class Port {
  readonly #http: Server;
  readonly #serve: (socket: Socket) => void;
  readonly #connections: Connections;
  #tls: TlsServer | undefined;
  // The settings in effect, to compare with.
  #applied: string | undefined;
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

  /** Applies TLS settings, none for plain HTTP; if they changed, older connections close once they have no open request. */
  applyTls(tls: WebTls | undefined): void {
    const settings = JSON.stringify(tls);
    if (settings === this.#applied) return;
    this.#applied = settings;
    this.#tls = tls && this.#tlsServer(tls);
    this.#current = new WeakSet();
    this.#http.closeIdleConnections();
  }

  /** Whether a connection was made under the settings in effect. */
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
      handshakeTimeout: LIMITS.handshakeMs.value,
      requestCert: clientAuth !== 'NoClientCert',
      rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      // The config may have changed during the handshake.
      if (server === this.#tls && isAdmitted(socket, tls)) this.#serve(socket);
      else socket.destroy();
    });
    return server;
  }
}
