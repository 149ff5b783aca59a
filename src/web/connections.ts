import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What may be held on to at once. */
export type ConnectionLimits = {
  readonly connections: number;
  /** Requests of one connection that wait for their answer: scrapers and browsers have one at a time. */
  readonly unanswered: number;
  /** Of all answers together, that nobody takes. */
  readonly unsentBytes: number;
};

type Connection = { readonly socket: Socket; unanswered: number };

/**
 * The connections of the port. Whoever comes is let in: when there are too many, the one that has done nothing for the
 * longest has to go, so that nobody who merely holds on to connections locks out a scraper.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  // By their two ends, since a request knows of TLS what the port does not. The one that came, asked or was answered
  // last is last; bytes that make no request, and those of an answer that is not taken, count for nothing.
  readonly #open = new Map<string, Connection>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Takes a connection in, at the expense of another one if need be. */
  accept(socket: Socket): void {
    const ends = endsOf(socket);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= this.#limits.connections) this.#end(oldest);
    this.#open.set(ends, { socket, unanswered: 0 });
    socket.once('close', () => this.#open.delete(ends));
  }

  /** Whether a request is answered; a connection with too many of them is ended. */
  admits({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const ends = endsOf(socket);
    const unanswered = this.#open.get(ends)?.unanswered ?? 0;
    // What was read before a connection was ended comes as requests still.
    if (socket.destroyed || unanswered >= this.#limits.unanswered) {
      socket.destroy();
      return false;
    }
    // Over TLS this is another socket than the one that was accepted; with either goes the connection.
    const connection = { socket, unanswered: unanswered + 1 };
    this.#moveToEnd(ends, connection);
    response.once('prefinish', () => this.#boundUnsent());
    response.once('close', () => this.#answered(ends));
    return true;
  }

  /** Ends every connection at once, those in a handshake too. */
  hangUp(): void {
    for (const ends of this.#open.keys()) this.#end(ends);
  }

  #answered(ends: string): void {
    const connection = this.#open.get(ends);
    if (connection === undefined || connection.socket.destroyed) return;
    this.#moveToEnd(ends, { ...connection, unanswered: connection.unanswered - 1 });
  }

  #moveToEnd(ends: string, connection: Connection): void {
    this.#open.delete(ends);
    this.#open.set(ends, connection);
  }

  #boundUnsent(): void {
    const pending = Array.from(this.#open, ([ends, { socket }]) => ({ ends, bytes: socket.writableLength }));
    let bytes = pending.reduce((sum, answer) => sum + answer.bytes, 0);
    for (const answer of pending) {
      if (bytes <= this.#limits.unsentBytes) return;
      bytes -= answer.bytes;
      if (answer.bytes > 0) this.#end(answer.ends);
    }
  }

  #end(ends: string): void {
    this.#open.get(ends)?.socket.destroy();
    this.#open.delete(ends);
  }
}

function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
