import { connect, type Socket } from 'node:net';
import type { Deadline, Settle } from '../deadline.ts';
import type { Address } from '../dns/address.ts';
import { type Failure, failureOf } from '../failure.ts';
import type { ResultName } from '../result.ts';

/** Where to connect to: the addresses to try in order, and more that may come later. */
export type Destination = {
  readonly addresses: readonly Address[];
  readonly rest: Promise<readonly Address[]>;
  readonly port: number;
  /** The outcome if there is no address to try at all. */
  readonly otherwise: () => Failure;
};

// RFC 8305, 5. The attempt before goes on beside the new one: Node's own `autoSelectFamily` gives it up
// and so loses hosts that are slow but well (nodejs/node#54359).
const ATTEMPT_DELAY_MS = 250;

/** Opens a TCP connection to the first address that takes one. */
export function dial(destination: Destination, deadline: Deadline): Promise<Socket | Failure> {
  return deadline.run<Socket>('connect_timeout', (settle) => {
    const race = new Race(destination, settle);
    return () => race.end();
  });
}

/** Attempts at several addresses, begun one after the other and won by the first that connects. */
class Race {
  readonly #port: number;
  readonly #otherwise: () => Failure;
  readonly #settle: Settle<Socket>;
  readonly #waiting: Address[];
  readonly #running = new Set<Socket>();
  readonly #failures: Failure[] = [];
  #moreToCome = true;
  #over = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ addresses, rest, port, otherwise }: Destination, settle: Settle<Socket>) {
    this.#port = port;
    this.#otherwise = otherwise;
    this.#settle = settle;
    this.#waiting = [...addresses];
    void rest.then((more) => {
      if (this.#over) return;
      this.#moreToCome = false;
      this.#waiting.push(...more);
      if (this.#running.size === 0) this.#next();
      else this.#nextSoon();
    });
    this.#next();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const socket of this.#running) socket.destroy();
    this.#running.clear();
  }

  #next(): void {
    clearTimeout(this.#timer);
    const address = this.#waiting.shift();
    if (address !== undefined) this.#attempt(address);
    else if (this.#running.size === 0 && !this.#moreToCome)
      this.#settle(weightiest(this.#failures) ?? this.#otherwise());
  }

  #attempt({ ip }: Address): void {
    const socket = connect({ host: ip, port: this.#port, autoSelectFamily: false, noDelay: true });
    this.#running.add(socket);
    // A reset can come between `connect` and any later listener, so this one stays for the socket's life.
    socket.on('error', (error) => this.#failed(socket, failureOf(error, 'connect')));
    socket.once('connect', () => this.#won(socket));
    this.#nextSoon();
  }

  #nextSoon(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#next(), ATTEMPT_DELAY_MS);
  }

  #won(socket: Socket): void {
    this.#running.delete(socket);
    this.end();
    // Ours to destroy until it is taken: the deadline may have passed just now.
    this.#running.add(socket);
    this.#settle(socket);
  }

  #failed(socket: Socket, failure: Failure): void {
    if (!this.#running.delete(socket)) return;
    this.#failures.push(failure);
    if (!this.#over) this.#next();
  }
}

const WEIGHT: readonly ResultName[] = [
  'connect_refused',
  'connect_timeout',
  'internal_error',
  'connect_error',
];

/** Of several failed attempts, the one that says most: the peer's answer, its silence, an attempt we could not make, no way there. */
function weightiest(failures: readonly Failure[]): Failure | undefined {
  const weighed = WEIGHT.map((result) => failures.find((failure) => failure.result === result));
  return weighed.find((failure) => failure !== undefined);
}
