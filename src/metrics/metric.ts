import type { SeriesLabels } from './series.ts';

/** What every metric of the exporter has. */
export type Declaration = {
  /** With dots, as on OTLP. A unit is part of the name and nothing else, so that no backend adds a suffix. */
  readonly name: string;
  readonly help: string;
  /** When it has a series, for the documentation; always if absent. */
  readonly present?: string;
};

/** A metric that is observed at each collection of its subject, such as a target. */
type ObservedMetric = Declaration & {
  readonly kind: 'gauge' | 'counter';
  /** Labels whose values never change, in place of those of the subject. */
  readonly constantLabels?: SeriesLabels;
};

/** A metric with one series per subject: no value, no series. */
type SingleMetric<Subject> = ObservedMetric & {
  readonly observe: (subject: Subject) => number | undefined;
};

/** A metric with a label of its own: one series for each label value that it returns. */
type LabelledMetric<Subject> = ObservedMetric & {
  readonly label: string;
  readonly observe: (subject: Subject) => readonly LabelledValue[];
};

export type LabelledValue = readonly [labelValue: string, value: number];

export type Metric<Subject> = SingleMetric<Subject> | LabelledMetric<Subject>;

/** The name on /metrics: underscores for dots, and `_total` at the end of a counter. */
export function expositionName({ name, kind }: { readonly name: string; readonly kind: string }): string {
  return `${name.replaceAll('.', '_')}${kind === 'counter' ? '_total' : ''}`;
}
