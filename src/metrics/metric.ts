/** What every metric of the exporter is declared with. */
export type Declaration = {
  /** With dots, as on OTLP; it has no unit beside the one in its name, so that no backend adds a suffix. */
  readonly name: string;
  readonly help: string;
  /** When there is a series, for the documentation. */
  readonly present: string;
  /** Labels whose values never change. */
  readonly constantLabels?: Readonly<Record<string, string>>;
};

/** A metric whose values are asked for at each collection. */
type Observed = Declaration & { readonly kind: 'gauge' | 'counter' };

/** A metric with one series per source: no value, no series. */
type SingleMetric<Source> = Observed & {
  readonly observe: (source: Source) => number | undefined;
};

/** A metric with a label of its own: one series for each of its values that is there. */
type LabelledMetric<Source> = Observed & {
  readonly label: string;
  readonly observe: (source: Source) => readonly LabelledValue[];
};

export type LabelledValue = readonly [labelValue: string, value: number];

export type Metric<Source> = SingleMetric<Source> | LabelledMetric<Source>;

/** The name on /metrics: underscores for dots, and `_total` after a counter's. */
export function expositionName({
  name,
  kind,
}: Pick<Metric<never>, 'name'> & { readonly kind: string }): string {
  return `${name.replaceAll('.', '_')}${kind === 'counter' ? '_total' : ''}`;
}

/** The series of a metric that a source has; the label value is undefined where the metric has no label. */
export function valuesOf<Source>(
  metric: Metric<Source>,
  source: Source,
): readonly (readonly [labelValue: string | undefined, value: number])[] {
  if ('label' in metric) return metric.observe(source);
  const value = metric.observe(source);
  return value === undefined ? [] : [[undefined, value]];
}
