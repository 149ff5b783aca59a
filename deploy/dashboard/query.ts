import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that the dashboard's variable names. */
export const DATASOURCE = { type: 'prometheus', uid: '$datasource' } as const;

/** Selects the series that the variables of the dashboard name; the job leaves a pushed copy out. */
export const OF_TARGETS = 'job=~"$job",instance=~"$instance",url=~"$url"';

/** Selects the series about the exporters themselves. */
export const OF_EXPORTERS = 'job=~"$job",instance=~"$instance"';

/** A query over the time range, with a legend such as `{{url}}`. */
export function overTime(expr: string, legend: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder().datasource(DATASOURCE).expr(expr).legendFormat(legend).range();
}

/** A query of the latest values, as rows of a table; the value column is named after `refId`. */
export function latest(refId: string, expr: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(expr)
    .format(prometheus.PromQueryFormat.Table)
    .instant()
    .refId(refId);
}
