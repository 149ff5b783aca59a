import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { OF_EXPORTERS, overTime } from './query.ts';
import { chart } from './target-panels.ts';

type Line = readonly [metric: string, legend: string, per?: 'rate' | 'increase' | 'inverse'];

const PANELS: readonly (readonly [title: string, unit: string, lines: readonly Line[]])[] = [
  [
    'Targets and probes in flight',
    'short',
    [
      ['external_url_exporter_targets', 'targets'],
      ['external_url_exporter_probes_in_flight', 'in flight'],
    ],
  ],
  [
    'Schedule lag and event loop delay',
    's',
    [
      ['external_url_exporter_schedule_lag_seconds', 'lag'],
      ['external_url_exporter_event_loop_delay_seconds', 'loop {{thread}}'],
    ],
  ],
  [
    'Memory',
    'bytes',
    [
      ['process_resident_memory_bytes', 'resident'],
      ['external_url_exporter_heap_used_bytes', 'heap {{thread}}'],
    ],
  ],
  [
    'CPU and garbage collection',
    'percentunit',
    [
      ['process_cpu_seconds_total', 'cpu', 'rate'],
      ['external_url_exporter_gc_seconds_total', 'gc {{thread}}', 'rate'],
    ],
  ],
  [
    'Faults of the exporter',
    'short',
    [
      ['external_url_exporter_probes_skipped_total', 'probes skipped', 'increase'],
      ['external_url_exporter_collection_errors_total', 'failed collections', 'increase'],
      ['external_url_exporter_config_last_reload_successful', 'bad config', 'inverse'],
    ],
  ],
];

/** The panels about the exporters themselves. */
export function ownPanels(): readonly timeseries.PanelBuilder[] {
  return PANELS.map(([title, unit, lines]) => {
    const panel = chart(title, unit);
    for (const line of lines) panel.withTarget(overTime(expression(line), `${line[1]} {{instance}}`));
    return panel;
  });
}

function expression([metric, , per]: Line): string {
  const series = `${metric}{${OF_EXPORTERS}}`;
  if (per === undefined) return series;
  return per === 'inverse' ? `1 - ${series}` : `${per}(${series}[$__rate_interval])`;
}
