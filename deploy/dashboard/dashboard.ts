import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { counts, targetTable } from './overview.ts';
import { ownPanels } from './own-panels.ts';
import { DATASOURCE } from './query.ts';
import { distribution, phases, reasons, responseTimes, states } from './target-panels.ts';

/** The Grafana dashboard as JSON, for import, provisioning and the sidecar. */
export function dashboardText(): string {
  const page = new dashboard.DashboardBuilder('External URLs')
    .uid('external-url-exporter')
    .tags(['external-url-exporter'])
    .description('Targets that external-url-exporter probes, and the exporter itself.')
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .editable();
  for (const variable of variables()) page.withVariable(variable);
  for (const panel of [...counts(), targetTable(), states()]) page.withPanel(panel);
  page.withRow(new dashboard.RowBuilder('Response times and reasons'));
  for (const panel of [responseTimes(), phases(), reasons(), distribution()]) page.withPanel(panel);
  page.withRow(new dashboard.RowBuilder('The exporter itself'));
  for (const panel of ownPanels()) page.withPanel(panel);
  return `${JSON.stringify(page.build(), null, 2)}\n`;
}

function variables() {
  const values = (name: string, query: string) =>
    new dashboard.QueryVariableBuilder(name)
      .label(name)
      .datasource(DATASOURCE)
      .query({ query, refId: name })
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.AlphabeticalAsc);
  return [
    new dashboard.DatasourceVariableBuilder('datasource').label('data source').type('prometheus'),
    values('job', 'label_values(external_url_exporter_build_info, job)'),
    values('instance', 'label_values(external_url_exporter_build_info{job=~"$job"}, instance)')
      .multi(true)
      .includeAll(true)
      .allValue('.*'),
    values('url', 'label_values(sample_external_url_up{job=~"$job",instance=~"$instance"}, url)')
      .multi(true)
      .includeAll(true)
      .allValue('.*'),
  ];
}
