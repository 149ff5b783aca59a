import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { DATASOURCE, latest, OF_TARGETS, overTime } from './query.ts';
import { UP_OR_DOWN } from './target-panels.ts';

const RED_AT_ZERO = new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
  { value: null, color: 'red' },
  { value: 1, color: 'green' },
]);
const RED_ABOVE_ZERO = new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
  { value: null, color: 'green' },
  { value: 1, color: 'red' },
]);

/** How many targets are up and down. */
export function counts(): readonly stat.PanelBuilder[] {
  const count = (title: string, expr: string) =>
    new stat.PanelBuilder()
      .datasource(DATASOURCE)
      .title(title)
      .height(4)
      .span(8)
      .withTarget(overTime(expr, title));
  return [
    count('Up', `sum(sample_external_url_up{${OF_TARGETS}})`).thresholds(RED_AT_ZERO),
    count('Down', `sum(1 - sample_external_url_up{${OF_TARGETS}})`).thresholds(RED_ABOVE_ZERO),
    count('Availability', `avg(avg_over_time(sample_external_url_up{${OF_TARGETS}}[$__range]))`)
      .unit('percentunit')
      .decimals(3)
      .colorMode(common.BigValueColorMode.None),
  ];
}

// An aggregation drops the name of the metric, so that the rows of the queries join on the labels of the target.
const latestOf = (metric: string) => `max without () (${metric}{${OF_TARGETS}})`;

/** One row per target: state, reason, response time, availability over the range, days of its certificate. */
export function targetTable(): table.PanelBuilder {
  return new table.PanelBuilder()
    .datasource(DATASOURCE)
    .title('Targets')
    .height(10)
    .span(24)
    .withTarget(latest('State', latestOf('sample_external_url_up')))
    .withTarget(latest('Reason', `${latestOf('sample_external_url_result')} == 1`))
    .withTarget(latest('Response', latestOf('sample_external_url_response_ms')))
    .withTarget(latest('Availability', `avg_over_time(sample_external_url_up{${OF_TARGETS}}[$__range])`))
    .withTarget(
      latest(
        'Certificate',
        `(${latestOf('sample_external_url_certificate_expiry_timestamp_seconds')} - time()) / 86400`,
      ),
    )
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: columns() })
    .overrideByName('State', [
      { id: 'mappings', value: [UP_OR_DOWN] },
      { id: 'custom.cellOptions', value: { type: 'color-background' } },
      { id: 'custom.width', value: 80 },
    ])
    .overrideByName('Response time', [{ id: 'unit', value: 'ms' }])
    .overrideByName('Availability', [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 3 },
    ])
    .overrideByName('Certificate', [
      { id: 'unit', value: 'd' },
      { id: 'decimals', value: 0 },
    ])
    .sortBy([new common.TableSortByFieldStateBuilder().displayName('State')]);
}

function columns() {
  const hidden = ['Time', 'Value #Reason', 'job', 'endpoint', 'container', 'namespace', 'pod', 'service'];
  const first = [
    'Value #State',
    'url',
    'result',
    'Value #Response',
    'Value #Availability',
    'Value #Certificate',
  ];
  return {
    excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
    indexByName: Object.fromEntries(first.map((name, index) => [name, index])),
    renameByName: {
      'Value #State': 'State',
      result: 'Reason',
      'Value #Response': 'Response time',
      'Value #Availability': 'Availability',
      'Value #Certificate': 'Certificate',
    },
  };
}
