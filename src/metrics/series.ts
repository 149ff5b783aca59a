import type { Attributes } from '@opentelemetry/api';
import type { Target } from '../config/target.ts';

/** The attribute sets of everything that shares some labels, each made once: the SDK holds on to those it is given. */
export class SeriesLabels {
  readonly #base: Attributes;
  readonly #extended = new Map<string, Attributes>();

  constructor(base: Readonly<Record<string, string>>) {
    this.#base = Object.freeze({ ...base });
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
    const attributes = Object.freeze({ ...this.#base, [label]: value });
    this.#extended.set(key, attributes);
    return attributes;
  }
}

const labelsByTarget = new WeakMap<Target, SeriesLabels>();

/** The labels of a target's series: `url` first, then its own. */
export function labelsOf(target: Target): SeriesLabels {
  const known = labelsByTarget.get(target);
  if (known !== undefined) return known;
  const own = Object.entries(target.labels).map(([name, value]) => [name, value.toWellFormed()]);
  // Lone surrogates cannot be sent, so two targets that differ in nothing else would be one series twice.
  const labels = new SeriesLabels({ url: target.url.toWellFormed(), ...Object.fromEntries(own) });
  labelsByTarget.set(target, labels);
  return labels;
}
