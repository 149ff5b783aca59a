import { nowMs } from '../../runtime/clock.ts';
import type { Credentials, OAuth2, Target } from '../../target/target.ts';
import { Failure } from '../failure.ts';
import { tokenAnswer } from './token-request.ts';

type Held = { readonly token: Promise<Token | Failure>; usableUntilMs: number };
type Token = { readonly value: string; readonly lifetimeMs: number };

// By identity: targets that inherit their credentials share the token, and the request for it.
const held = new WeakMap<OAuth2, Held>();

/** The access token of a target, kept until shortly before it expires; asked for once, however many probes wait. */
export async function token(credentials: OAuth2, target: Target): Promise<string | Failure> {
  const known = held.get(credentials);
  const current = known !== undefined && nowMs() < known.usableUntilMs ? known : ask(credentials, target);
  const got = await current.token;
  return got instanceof Failure ? got : got.value;
}

/** Drops a token that was refused, so that the next probe asks for another. */
export function forget(credentials: Credentials | undefined): void {
  if (credentials?.kind === 'oauth2') held.delete(credentials);
}

function ask(credentials: OAuth2, target: Target): Held {
  const entry: Held = { token: answered(credentials, target), usableUntilMs: Number.POSITIVE_INFINITY };
  held.set(credentials, entry);
  void entry.token.then((got) => {
    entry.usableUntilMs = got instanceof Failure ? 0 : nowMs() + got.lifetimeMs;
  });
  return entry;
}

async function answered(credentials: OAuth2, target: Target): Promise<Token | Failure> {
  const answer = await tokenAnswer(credentials, target);
  if (answer instanceof Failure) return answer;
  const { access_token: value, expires_in: seconds } = answer;
  // One that cannot be sent would be kept for ever, since nobody refuses it.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    return new Failure('auth_error', 'the token server sent no usable access_token');
  // It must not run out on its way. One without a term is kept until it is refused.
  const lifetimeMs = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 * 0.9;
  return { value, lifetimeMs: Number.isNaN(lifetimeMs) ? 0 : lifetimeMs };
}
