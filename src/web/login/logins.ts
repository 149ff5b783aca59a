import { createHmac, randomBytes } from 'node:crypto';
import { BcryptThread } from './bcrypt-thread.ts';

/** A user name and a password, and the address they come from. */
export type Login = { readonly user: string; readonly password: string; readonly address: string };

/** `busy`: too many passwords wait for their check to begin with this one. */
export type LoginOutcome = 'accepted' | 'refused' | 'busy';

/** How many passwords may wait for their check, of all addresses and of one. */
export type LoginOptions = { readonly maxChecks: number; readonly maxChecksPerAddress: number };

type Users = Readonly<Record<string, string>>;

const MAX_REMEMBERED = 1000;
const DEFAULT_COST = '10';

/**
 * Checks logins. An accepted one is remembered and costs nothing from then on; every other waits for bcrypt in a queue
 * that is short, and shorter for one address.
 */
export class Logins {
  readonly #options: LoginOptions;
  readonly #bcrypt = new BcryptThread();
  // With a key of this process, a copy of the remembered passwords is of no use elsewhere.
  readonly #key = randomBytes(32);
  readonly #remembered = new Set<string>();
  readonly #checks = new Map<string, Promise<boolean>>();
  readonly #checksOf = new Map<string, number>();
  #users: Users = {};
  #decoy = '';

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Replaces the users, bcrypt hashes by name, and forgets every accepted login. */
  setUsers(users: Users): void {
    this.#users = users;
    this.#decoy = decoyFor(Object.values(users));
    this.#remembered.clear();
  }

  /** Whether there are users, so that everybody has to log in. */
  get areRequired(): boolean {
    return Object.keys(this.#users).length > 0;
  }

  async check(login: Login): Promise<LoginOutcome> {
    const { user, password } = login;
    const known = Object.hasOwn(this.#users, user) ? this.#users[user] : undefined;
    // An unknown user takes as long as a known one.
    const hash = known ?? this.#decoy;
    const id = this.#idOf(user, password, hash);
    if (this.#remembered.has(id)) return 'accepted';
    const check = this.#checks.get(id) ?? this.#begin(id, login, hash);
    if (check === undefined) return 'busy';
    const matches = await check;
    if (known === undefined || !matches) return 'refused';
    // The users may have been replaced meanwhile.
    if (this.#users[user] !== hash) return this.check(login);
    this.#remember(id);
    return 'accepted';
  }

  async stop(): Promise<void> {
    await this.#bcrypt.stop();
  }

  #begin(id: string, { password, address }: Login, hash: string): Promise<boolean> | undefined {
    const { maxChecks, maxChecksPerAddress } = this.#options;
    const ofAddress = this.#checksOf.get(address) ?? 0;
    if (this.#checks.size >= maxChecks || ofAddress >= maxChecksPerAddress) return undefined;
    this.#checksOf.set(address, ofAddress + 1);
    const check = this.#bcrypt.matches(password, hash).finally(() => {
      this.#checks.delete(id);
      const left = (this.#checksOf.get(address) ?? 1) - 1;
      if (left === 0) this.#checksOf.delete(address);
      else this.#checksOf.set(address, left);
    });
    this.#checks.set(id, check);
    return check;
  }

  #idOf(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64');
  }

  #remember(id: string): void {
    this.#remembered.add(id);
    // bcrypt looks at 72 bytes, so that a user has any number of passwords; the oldest goes.
    const [oldest] = this.#remembered;
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

// A hash that costs as much as the most expensive of the users' and fits no password that anybody knows.
function decoyFor(hashes: readonly string[]): string {
  const costs = hashes.map((hash) => hash.slice(4, 6)).sort();
  return `$2b$${costs.at(-1) ?? DEFAULT_COST}$${'.'.repeat(53)}`;
}
