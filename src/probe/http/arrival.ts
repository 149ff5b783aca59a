import type { Socket } from 'node:net';
import { nowMs } from '../../runtime/clock.ts';

/** Watches a connection for the first byte of the final response, past any 1xx ones. */
export class Arrival {
  #firstMs: number | undefined;
  #latestMs: number | undefined;
  /** The first bytes of the peer's first response: `HTTP/` in every version of HTTP. */
  opening = '';
  restarts = 0;

  constructor(socket: Socket) {
    socket.prependListener('data', (chunk: Buffer) => {
      this.#latestMs = nowMs();
      this.#firstMs ??= this.#latestMs;
      const missing = 'HTTP/'.length - this.opening.length;
      if (missing > 0) this.opening += chunk.toString('latin1', 0, missing);
    });
  }

  /** The bytes so far belonged to a 1xx response. */
  restart(): void {
    this.#firstMs = undefined;
    this.restarts += 1;
  }

  // A complete head may arrive in one chunk with the 1xx response before it.
  firstByteMs(headIsComplete: boolean): number | undefined {
    return this.#firstMs ?? (headIsComplete ? this.#latestMs : undefined);
  }
}
