import { VERSION } from '../version.ts';
import type { Metric } from './metric.ts';
import { PROCESS_METRICS, type RuntimeFacts } from './process-metrics.ts';

/** What the exporter knows of itself at one moment. */
export type OwnFacts = RuntimeFacts & {
  readonly targets: number;
  readonly inFlight: number;
  readonly skipped: number;
  readonly lagMs: number;
  readonly reloadSuccessful: boolean;
  /** When a configuration was last taken, Unix milliseconds. */
  readonly reloadedAtMs: number;
  readonly collectionErrors: number;
  readonly targetFileErrors: number;
};

/** What the exporter tells of itself, its process included. */
export const OWN_METRICS: readonly Metric<OwnFacts>[] = [
  {
    name: 'external_url_exporter.build_info',
    kind: 'gauge',
    help: 'Always 1; the labels tell what is running.',
    present: 'always',
    constantLabels: { version: VERSION, nodejs_version: process.version },
    observe: () => 1,
  },
  {
    name: 'external_url_exporter.targets',
    kind: 'gauge',
    help: 'Targets being probed.',
    present: 'always',
    observe: ({ targets }) => targets,
  },
  {
    name: 'external_url_exporter.probes_in_flight',
    kind: 'gauge',
    help: 'Probes under way.',
    present: 'always',
    observe: ({ inFlight }) => inFlight,
  },
  {
    name: 'external_url_exporter.schedule_lag_seconds',
    kind: 'gauge',
    help: 'Largest delay of a probe against its due time within the last minute.',
    present: 'always',
    observe: ({ lagMs }) => lagMs / 1000,
  },
  {
    name: 'external_url_exporter.probes_skipped',
    kind: 'counter',
    help: 'Probes left out because the one before still ran.',
    present: 'always',
    observe: ({ skipped }) => skipped,
  },
  {
    name: 'external_url_exporter.config_last_reload_successful',
    kind: 'gauge',
    help: 'Whether the last attempt to load the configuration succeeded (1) or not (0).',
    present: 'always',
    observe: ({ reloadSuccessful }) => Number(reloadSuccessful),
  },
  {
    name: 'external_url_exporter.config_last_reload_success_timestamp_seconds',
    kind: 'gauge',
    help: 'When the configuration was last loaded with success, Unix time.',
    present: 'always',
    observe: ({ reloadedAtMs }) => reloadedAtMs / 1000,
  },
  {
    name: 'external_url_exporter.target_file_errors',
    kind: 'counter',
    help: 'Times that a file of target_files was broken when it was read; its last right content counts then.',
    present: 'always',
    observe: ({ targetFileErrors }) => targetFileErrors,
  },
  {
    name: 'external_url_exporter.collection_errors',
    kind: 'counter',
    help: 'Collections for /metrics that failed and were answered with 500.',
    present: 'always',
    observe: ({ collectionErrors }) => collectionErrors,
  },
  ...PROCESS_METRICS,
];
