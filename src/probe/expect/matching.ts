import type { Expectations, Target } from '../../target/target.ts';
import type { Deadline } from '../deadline.ts';
import type { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/response.ts';
import { MatchingQueue } from './matching-queue.ts';

// A verdict is due 100 ms after the deadline; this is what remains of them besides the time for matching.
const LATEST_START_MS = 10;

/** Matches the header and body of responses in threads of its own, which are started when the first is needed. */
export class Matching {
  #queue: MatchingQueue | undefined;
  #slowQueue: MatchingQueue | undefined;
  // Targets whose last response took too long wait for each other, and delay no other target.
  readonly #slowTargets = new Set<string>();

  /** Resolves when a response of this target could be matched at once. */
  async prepare({ key, expect }: Target): Promise<void> {
    if (needsMatching(expect)) await this.#queueOf(key).ready;
  }

  /** Why a response is not as expected, if it is not; the status is not looked at. */
  async match(
    { headers, content }: HttpResponse,
    { key, expect, maxBodyBytes }: Target,
    { remainingMs }: Deadline,
  ): Promise<Failure | undefined> {
    if (!needsMatching(expect)) return undefined;
    const response = { expect, maxBytes: maxBodyBytes, headers: headers(), ...(content && { content }) };
    const { failure, isSlow } = await this.#queueOf(key).match(response, remainingMs + LATEST_START_MS);
    if (isSlow === true) this.#slowTargets.add(key);
    if (isSlow === false) this.#slowTargets.delete(key);
    return failure;
  }

  /** Forgets all targets but those with these keys. */
  keep(keys: Iterable<string>): void {
    const kept = new Set(keys);
    for (const key of this.#slowTargets) if (!kept.has(key)) this.#slowTargets.delete(key);
  }

  #queueOf(key: string): MatchingQueue {
    if (this.#slowTargets.has(key)) {
      this.#slowQueue ??= new MatchingQueue();
      return this.#slowQueue;
    }
    this.#queue ??= new MatchingQueue();
    return this.#queue;
  }
}

function needsMatching({ headers, body, json }: Expectations): boolean {
  return headers.length + body.length + json.length > 0;
}
