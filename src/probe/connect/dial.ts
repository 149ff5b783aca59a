import type { Socket } from 'node:net';
import type { Deadline, Settle } from '../deadline.ts';
import type { Address } from '../dns/address.ts';
import { type Failure, failureOf } from '../failure.ts';
import type { ResultName } from '../result.ts';
import type { Wire } from '../wire.ts';
import type { Attempt, MakeAttempt } from './attempt.ts';

/** Where to connect to: the addresses to try in order, and those that may be found later. */
export type Destination<S extends Socket> = {
  readonly addresses: readonly Address[];
  readonly rest: Promise<readonly Address[]>;
  readonly port: number;
  /** The attempt that is made already, for the first address. */
  readonly first: Attempt<S>;
  readonly makeAttempt: MakeAttempt<S>;
  /** The outcome if there is no address to try at all. */
  readonly otherwise: () => Failure;
};

// RFC 8305, 5. The earlier attempt continues beside the new one: Node's own `autoSelectFamily` ends it, and so fails for
// hosts that are slow (nodejs/node#54359).
const ATTEMPT_DELAY_MS = 250;

/** Opens a TCP connection to the first address that accepts one. */
export function dial<S extends Socket>(
  destination: Destination<S>,
  deadline: Deadline,
): Promise<Wire<S> | Failure> {
  return deadline.run<Wire<S>>('connect_timeout', (settle) => {
    const race = new Race(destination, settle);
    return () => race.end();
  });
}

/** Attempts at several addresses, begun one after the other and won by the first that connects. */
class Race<S extends Socket> {
  readonly #port: number;
  readonly #makeAttempt: MakeAttempt<S>;
  #first: Attempt<S> | undefined;
  readonly #otherwise: () => Failure;
  readonly #settle: Settle<Wire<S>>;
  readonly #waiting: Address[];
  readonly #running = new Set<S>();
  readonly #failures: Failure[] = [];
  #moreToCome = true;
  #over = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(destination: Destination<S>, settle: Settle<Wire<S>>) {
    const { addresses, rest, port, first, makeAttempt, otherwise } = destination;
    this.#port = port;
    this.#first = first;
    this.#makeAttempt = makeAttempt;
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
    this.#first?.socket.destroy();
    for (const socket of this.#running) socket.destroy();
    this.#running.clear();
  }

  #next(): void {
    clearTimeout(this.#timer);
    const address = this.#waiting.shift();
    if (address !== undefined) this.#attempt(address);
    else if (this.#running.size === 0 && !this.#moreToCome) {
      // The first attempt may not have begun: where every address is denied there was none for it.
      this.end();
      this.#settle(mostSpecific(this.#failures) ?? this.#otherwise());
    }
  }

  #attempt(address: Address): void {
    const attempt = this.#first ?? this.#makeAttempt(this.#port);
    this.#first = undefined;
    const { socket } = attempt;
    this.#running.add(socket);
    // A reset can come between `connect` and any later listener, so this one stays for the socket's life.
    socket.on('error', (error) => this.#fail(socket, failureOf(error, 'connect')));
    socket.once('connect', () => this.#win(attempt));
    attempt.begin(address);
    this.#nextSoon();
  }

  #nextSoon(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#next(), ATTEMPT_DELAY_MS);
  }

  #win(wire: Wire<S>): void {
    const { socket } = wire;
    this.#running.delete(socket);
    this.end();
    // Until the step has settled, `end` must still destroy it: the deadline may have passed just now.
    this.#running.add(socket);
    this.#settle(wire);
  }

  #fail(socket: S, failure: Failure): void {
    if (!this.#running.delete(socket)) return;
    this.#failures.push(failure);
    if (!this.#over) this.#next();
  }
}

// Most specific first: refused, timed out, not attempted, unreachable.
const MOST_SPECIFIC: readonly ResultName[] = [
  'connect_refused',
  'connect_timeout',
  'internal_error',
  'connect_error',
];

/** Of several failures, the one that says most about the target. */
function mostSpecific(failures: readonly Failure[]): Failure | undefined {
  const byResult = MOST_SPECIFIC.map((result) => failures.find((failure) => failure.result === result));
  return byResult.find((failure) => failure !== undefined);
}
