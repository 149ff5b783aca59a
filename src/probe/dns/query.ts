import type { promises as dns } from 'node:dns';
import { closeSync, openSync } from 'node:fs';
import { Failure, failureOf, type NetworkError } from '../failure.ts';
import { type Address, interleave } from './address.ts';

type Answer = readonly Address[] | Failure;

/** Addresses of a name, in the order in which they are to be tried. */
export type FoundAddresses = {
  readonly addresses: readonly Address[];
  /** Those of a family whose response came later than the other's; none if it never comes. */
  readonly rest: Promise<readonly Address[]>;
};

// Connecting begins this long after the first response, without the other family (RFC 8305, 3).
const RESOLUTION_DELAY_MS = 50;

/** Queries a resolver's servers for a name, all families at once. */
export async function queryName(
  resolver: dns.Resolver,
  name: string,
  families: readonly Address['family'][],
): Promise<FoundAddresses | Failure> {
  const queries = families.map((family) =>
    family === 4 ? resolver.resolve4(name) : resolver.resolve6(name),
  );
  // c-ares opens its socket within these calls, or fails to; later there may be a free descriptor again.
  const shortage = descriptorShortage();
  const answers = queries.map((ips, index) => answerOf(ips, families[index] ?? 4, shortage));
  const first = await firstFound(answers);
  if (first === undefined) return failureAmong(await Promise.all(answers));
  const all = Promise.all(answers).then((settled) =>
    settled.flatMap((answer) => (isFound(answer) ? answer : [])),
  );
  const inTime = await withinDelay(all);
  if (inTime !== undefined) return { addresses: interleave(inTime), rest: Promise.resolve([]) };
  return { addresses: first, rest: all.then((found) => found.filter((address) => !first.includes(address))) };
}

function isFound(answer: Answer): answer is readonly Address[] {
  return !(answer instanceof Failure) && answer.length > 0;
}

function firstFound(answers: readonly Promise<Answer>[]): Promise<readonly Address[] | undefined> {
  return new Promise((resolve) => {
    for (const answer of answers) void answer.then((found) => isFound(found) && resolve(found));
    void Promise.all(answers).then(() => resolve(undefined));
  });
}

function withinDelay<T>(promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RESOLUTION_DELAY_MS, undefined);
    void promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

// A family without a response counts more than one that does not exist.
function failureAmong(answers: readonly Answer[]): Failure {
  const failures = answers.filter((answer) => answer instanceof Failure);
  const unknown = failures.find(({ result }) => result !== 'dns_error');
  return unknown ?? failures[0] ?? new Failure('dns_error', 'the name has no address');
}

async function answerOf(
  ips: Promise<readonly string[]>,
  family: Address['family'],
  shortage: Failure | undefined,
): Promise<Answer> {
  try {
    return (await ips).map((ip) => ({ ip, family }));
  } catch (error) {
    return lookupFailure(error instanceof Error ? error : new Error(String(error)), shortage);
  }
}

// c-ares says "connection refused" also where it could not even open a socket.
function lookupFailure(error: NetworkError, shortage: Failure | undefined): Failure {
  const failure = failureOf(error, 'dns');
  return error.code === 'ECONNREFUSED' ? (shortage ?? descriptorShortage() ?? failure) : failure;
}

function descriptorShortage(): Failure | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    return failureOf(error instanceof Error ? error : new Error(String(error)), 'dns');
  }
}
