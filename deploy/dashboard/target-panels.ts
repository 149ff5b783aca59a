import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE, OF_TARGETS, overTime } from './query.ts';

/** How 0 and 1 are shown. */
export const UP_OR_DOWN: dashboard.ValueMapping = {
  type: dashboard.MappingType.ValueToText,
  options: { '0': { text: 'down', color: 'red', index: 0 }, '1': { text: 'up', color: 'green', index: 1 } },
};

/** A chart over time, half as wide as the page. */
export function chart(title: string, unit: string): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .datasource(DATASOURCE)
    .title(title)
    .unit(unit)
    .height(8)
    .span(12)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    );
}

/** When each target was up. */
export function states(): statetimeline.PanelBuilder {
  return new statetimeline.PanelBuilder()
    .datasource(DATASOURCE)
    .title('Up and down')
    .height(8)
    .span(24)
    .mappings([UP_OR_DOWN])
    .withTarget(overTime(`sample_external_url_up{${OF_TARGETS}}`, '{{url}}'));
}

/** The response time of each target. */
export function responseTimes(): timeseries.PanelBuilder {
  return chart('Response time', 'ms').withTarget(
    overTime(`sample_external_url_response_ms{${OF_TARGETS}}`, '{{url}}'),
  );
}

/** The phases of the response time, stacked: the mean of the selected targets. */
export function phases(): timeseries.PanelBuilder {
  return chart('Phases (mean of the selected targets)', 'ms')
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
    .fillOpacity(60)
    .lineWidth(0)
    .withTarget(
      overTime(
        `sum by (phase) (sample_external_url_phase_ms{${OF_TARGETS}}) / scalar(count(sample_external_url_response_ms{${OF_TARGETS}}))`,
        '{{phase}}',
      ),
    );
}

/** Probes per minute by result. */
export function reasons(): timeseries.PanelBuilder {
  return chart('Results per minute', 'short')
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
    .drawStyle(common.GraphDrawStyle.Bars)
    .fillOpacity(80)
    .withTarget(
      overTime(
        `60 * sum by (result) (rate(sample_external_url_probes_total{${OF_TARGETS}}[$__rate_interval])) > 0`,
        '{{result}}',
      ),
    );
}

/** The distribution of response times; empty unless the config has `histogram_buckets_ms`. */
export function distribution(): heatmap.PanelBuilder {
  return new heatmap.PanelBuilder()
    .datasource(DATASOURCE)
    .title('Distribution of response times (with histogram_buckets_ms)')
    .height(8)
    .span(12)
    .yAxis(new heatmap.YAxisConfigBuilder().unit('ms'))
    .withTarget(
      overTime(
        `sum by (le) (increase(sample_external_url_duration_ms_bucket{${OF_TARGETS}}[$__rate_interval]))`,
        '{{le}}',
      ).format(prometheus.PromQueryFormat.Heatmap),
    );
}
