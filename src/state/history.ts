import { type ProbeResult, RESULTS, type ResultName } from '../probe/result.ts';

/** A result of the past, with its response time where there was one. */
export type PastResult = { readonly result: ResultName; readonly responseMs: number | undefined };

/** How many results are kept of each target. */
export const HISTORY_LENGTH = 60;

const NAMES = Object.keys(RESULTS).filter(isResultName);

/** The last results of one target, in a ring of numbers: it is small, since there may be many thousand of them. */
export class History {
  readonly #results = new Uint8Array(HISTORY_LENGTH);
  readonly #responseMs = new Float32Array(HISTORY_LENGTH);
  #recorded = 0;

  record({ result, responseMs }: ProbeResult): void {
    const slot = this.#recorded % HISTORY_LENGTH;
    this.#results[slot] = NAMES.indexOf(result);
    this.#responseMs[slot] = responseMs ?? Number.NaN;
    this.#recorded += 1;
  }

  /** The oldest first; response times have the 7 digits of a single-precision number. */
  entries(): readonly PastResult[] {
    const first = Math.max(0, this.#recorded - HISTORY_LENGTH);
    return Array.from({ length: this.#recorded - first }, (_, index) => {
      const slot = (first + index) % HISTORY_LENGTH;
      const responseMs = this.#responseMs[slot] ?? Number.NaN;
      return {
        result: NAMES[this.#results[slot] ?? 0] ?? 'internal_error',
        responseMs: Number.isNaN(responseMs) ? undefined : responseMs,
      };
    });
  }
}

function isResultName(name: string): name is ResultName {
  return Object.hasOwn(RESULTS, name);
}
