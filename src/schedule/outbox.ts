import type { ProbeResult } from '../probe/result.ts';

const GATHER_MS = 20;
const HEARTBEAT_MS = 1000;

/** Gathers results for a moment and sends them together, and an empty batch each second as a sign of life. */
export class Outbox {
  readonly #send: (results: readonly ProbeResult[]) => void;
  #results: ProbeResult[] = [];

  constructor(send: (results: readonly ProbeResult[]) => void) {
    this.#send = send;
    setInterval(() => this.flush(), HEARTBEAT_MS);
  }

  add(result: ProbeResult): void {
    if (this.#results.length === 0) setTimeout(() => this.flush(), GATHER_MS);
    this.#results.push(result);
  }

  /** Sends a batch now, even an empty one. */
  flush(): void {
    const results = this.#results;
    this.#results = [];
    this.#send(results);
  }
}
