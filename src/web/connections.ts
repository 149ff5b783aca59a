import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections there may be, of one the requests without a response, and of all the bytes not yet sent. */
export type ConnectionOptions = {
  readonly connections: number;
  readonly unanswered: number;
  readonly unsentBytes: number;
};

type Connection = { readonly socket: Socket; unanswered: number };

/**
 * The connections of the port. Every new one is accepted: if there are too many, the one that has been inactive for the
 * longest is closed, so that a client that only holds connections open cannot lock out a scraper.
 */
export class Connections {
  readonly #options: ConnectionOptions;
  // In the order of their last activity: opened, got a request, sent a response. Single bytes do not count. The keys are
  // the two ends, since over TLS the socket of a request is not the one that was accepted.
  readonly #open = new Map<string, Connection>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Adds a connection, and closes the most inactive one if there are too many. */
  accept(socket: Socket): void {
    const ends = endsOf(socket);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= this.#options.connections) this.#close(oldest);
    this.#open.set(ends, { socket, unanswered: 0 });
    socket.once('close', () => this.#open.delete(ends));
  }

  /** Whether to respond to a request; closes a connection that sends too many before the responses. */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const ends = endsOf(socket);
    const unanswered = this.#open.get(ends)?.unanswered ?? 0;
    // Bytes that were read before a connection was closed still become requests.
    if (socket.destroyed || unanswered >= this.#options.unanswered) {
      socket.destroy();
      return false;
    }
    this.#moveToEnd(ends, { socket, unanswered: unanswered + 1 });
    response.once('prefinish', () => this.#limitUnsent());
    response.once('close', () => {
      const connection = this.#open.get(ends);
      if (connection === undefined || connection.socket.destroyed) return;
      this.#moveToEnd(ends, { ...connection, unanswered: connection.unanswered - 1 });
    });
    return true;
  }

  /** Closes every connection at once, those in a handshake too. */
  closeAll(): void {
    for (const ends of this.#open.keys()) this.#close(ends);
  }

  #moveToEnd(ends: string, connection: Connection): void {
    this.#open.delete(ends);
    this.#open.set(ends, connection);
  }

  #limitUnsent(): void {
    const unsent = Array.from(this.#open, ([ends, { socket }]) => ({ ends, bytes: socket.writableLength }));
    let total = unsent.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { ends, bytes } of unsent) {
      if (total <= this.#options.unsentBytes) return;
      total -= bytes;
      if (bytes > 0) this.#close(ends);
    }
  }

  #close(ends: string): void {
    this.#open.get(ends)?.socket.destroy();
    this.#open.delete(ends);
  }
}

function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
