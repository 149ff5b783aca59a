import type { Attributes } from '@opentelemetry/api';
import { STARTED_AT_MS } from '../runtime/process.ts';
import type { TargetState } from '../state/target-state.ts';

const countedSince = new WeakMap<Attributes, number>();

/** When the counters with these attributes were at 0, Unix milliseconds. */
export function countedSinceMs(attributes: Attributes): number {
  return countedSince.get(attributes) ?? STARTED_AT_MS;
}

/** The attribute sets of everything that shares some labels, each made once: the SDK holds on to those it is given. */
export class SeriesLabels {
  readonly #base: Attributes;
  readonly #sinceMs: number;
  readonly #extended = new Map<string, Attributes>();

  /** Counters of the series were at 0 at `sinceMs`, Unix milliseconds. */
  constructor(base: Readonly<Record<string, string>>, sinceMs = STARTED_AT_MS) {
    this.#sinceMs = sinceMs;
    this.#base = this.#attributes(base);
  }

  /** The shared labels alone. */
  all(): Attributes {
    return this.#base;
  }

  /** The shared labels and one more, at the end. */
  with(label: string, value: string): Attributes {
    const key = `${label}=${value}`;
    const known = this.#extended.get(key);
    if (known !== undefined) return known;
    const attributes = this.#attributes({ ...this.#base, [label]: value });
    this.#extended.set(key, attributes);
    return attributes;
  }

  #attributes(labels: Attributes): Attributes {
    const attributes = Object.freeze({ ...labels });
    countedSince.set(attributes, this.#sinceMs);
    return attributes;
  }
}

// By the state, which a target keeps as long as its counters.
const labelsByState = new WeakMap<TargetState, SeriesLabels>();

/** The labels of a target's series: `url` first, then its own. */
export function labelsOf(state: TargetState): SeriesLabels {
  const known = labelsByState.get(state);
  if (known !== undefined) return known;
  const { target, countedSinceMs: sinceMs } = state;
  const own = Object.entries(target.labels).map(([name, value]) => [name, value.toWellFormed()]);
  const labels = new SeriesLabels({ url: target.url.toWellFormed(), ...Object.fromEntries(own) }, sinceMs);
  labelsByState.set(state, labels);
  return labels;
}
