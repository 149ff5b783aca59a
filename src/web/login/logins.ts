import { createHmac, randomBytes } from 'node:crypto';
import { Bcrypt } from './bcrypt-thread.ts';

/** Who wants to log in, from which address. */
export type Login = { readonly user: string; readonly password: string; readonly address: string };

/** `busy`: too many passwords are being checked to begin with this one. */
export type Verdict = 'accepted' | 'refused' | 'busy';

type Users = Readonly<Record<string, string>>;

const MAX_CHECKS = 16;
const MAX_CHECKS_PER_ADDRESS = 4;
const MAX_REMEMBERED = 1000;
const DEFAULT_COST = '10';

/**
 * Checks logins. One that was accepted is remembered; every other costs its sender the time of bcrypt in a queue that is
 * short, and shorter still for one address, while those who are remembered pass by.
 */
export class Logins {
  readonly #bcrypt = new Bcrypt();
  // The passwords that are remembered are of no use to somebody who reads the memory of another moment.
  readonly #key = randomBytes(32);
  readonly #remembered = new Set<string>();
  readonly #checks = new Map<string, Promise<boolean>>();
  readonly #checksOf = new Map<string, number>();
  #users: Users = {};
  #decoy = '';

  /** Replaces the users, bcrypt hashes by name; nothing that was remembered outlives that. */
  setUsers(users: Users): void {
    this.#users = users;
    this.#decoy = decoyFor(Object.values(users));
    this.#remembered.clear();
  }

  /** Whether anybody has to log in. */
  get areNeeded(): boolean {
    return Object.keys(this.#users).length > 0;
  }

  async check(login: Login): Promise<Verdict> {
    const { user, password, address } = login;
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
    if (this.#users[user] === hash) this.#remember(id);
    return this.#users[user] === hash ? 'accepted' : this.check({ user, password, address });
  }

  async stop(): Promise<void> {
    await this.#bcrypt.stop();
  }

  #begin(id: string, { password, address }: Login, hash: string): Promise<boolean> | undefined {
    const ofAddress = this.#checksOf.get(address) ?? 0;
    if (this.#checks.size >= MAX_CHECKS || ofAddress >= MAX_CHECKS_PER_ADDRESS) return undefined;
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

// A hash that costs as much as the dearest of the users' and fits no password that anybody knows.
function decoyFor(hashes: readonly string[]): string {
  const costs = hashes.map((hash) => hash.slice(4, 6)).sort();
  return `$2b$${costs.at(-1) ?? DEFAULT_COST}$${'.'.repeat(53)}`;
}
