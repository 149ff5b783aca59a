import type { Attributes } from '@opentelemetry/api';
import { STARTED_AT_MS } from '../runtime/process.ts';
import type { TargetState } from '../state/target-state.ts';

// When the counters with these attributes were at 0, for OTLP. The SDK has no field for it: it takes the time of the first
// collection. But it hands out, in each data point, the very object that was observed. So the time is kept by that object,
// and otlp/start-time.ts reads it from there.
const countedSince = new WeakMap<Attributes, number>();

/** When the counters with these attributes were at 0, Unix milliseconds. */
export function countedSinceMs(attributes: Attributes): number {
  return countedSince.get(attributes) ?? STARTED_AT_MS;
}

/** The attributes of all series that share some labels; the same series gets the same object at each collection. */
export class SeriesLabels {
  /** The shared labels alone. */
  readonly attributes: Attributes;
  readonly #sinceMs: number;
  readonly #extended = new Map<string, Attributes>();

  /** Counters of the series were at 0 at `sinceMs`, Unix milliseconds. */
  constructor(labels: Readonly<Record<string, string>>, sinceMs = STARTED_AT_MS) {
    this.#sinceMs = sinceMs;
    this.attributes = this.#makeAttributes(labels);
  }

  /** The shared labels and one more, at the end. */
  with(label: string, value: string): Attributes {
    const key = `${label}=${value}`;
    const known = this.#extended.get(key);
    if (known !== undefined) return known;
    const attributes = this.#makeAttributes({ ...this.attributes, [label]: value });
    this.#extended.set(key, attributes);
    return attributes;
  }

  #makeAttributes(labels: Attributes): Attributes {
    const attributes = Object.freeze({ ...labels });
    countedSince.set(attributes, this.#sinceMs);
    return attributes;
  }
}

/** The labels of the exporter's own series: none. */
export const OWN_LABELS = new SeriesLabels({});

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
