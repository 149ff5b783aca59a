import { nowMs } from '../../runtime/clock.ts';
import { Failure } from '../failure.ts';

/** An access token, and how long it may be used. */
export type Token = { readonly value: string; readonly lifetimeMs: number };

type Requested = { readonly token: Promise<Token | Failure>; usableUntilMs: number };

/** The access token that targets with equal credentials share; it is kept until shortly before it expires. */
export class SharedToken {
  #requested: Requested | undefined;

  /** The value of the token; it is requested once, however many probes wait for it. */
  async get(request: () => Promise<Token | Failure>): Promise<string | Failure> {
    if (this.#requested === undefined || nowMs() >= this.#requested.usableUntilMs) {
      this.#requested = startRequest(request);
    }
    const token = await this.#requested.token;
    return token instanceof Failure ? token : token.value;
  }

  /** Drops a token that was refused, so that the next probe requests another. */
  forget(): void {
    this.#requested = undefined;
  }
}

function startRequest(request: () => Promise<Token | Failure>): Requested {
  const requested: Requested = { token: request(), usableUntilMs: Number.POSITIVE_INFINITY };
  void requested.token.then((token) => {
    requested.usableUntilMs = token instanceof Failure ? 0 : nowMs() + token.lifetimeMs;
  });
  return requested;
}
