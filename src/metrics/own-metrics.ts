import type { ProcessFigures } from '../runtime/process.ts';
import type { ThreadFigures } from '../runtime/thread-watch.ts';
import { VERSION } from '../version.ts';
import type { LabelledValue, Metric } from './metric.ts';
import { SeriesLabels } from './series.ts';

/** How the loads of the configuration went. */
export type ReloadFigures = {
  readonly reloadSuccessful: boolean;
  /** When a configuration was last loaded, Unix milliseconds. */
  readonly reloadedAtMs: number;
  readonly targetFileErrors: number;
};

/** The figures of the exporter itself at one moment. */
export type OwnFigures = ReloadFigures & {
  readonly targets: number;
  readonly inFlight: number;
  readonly skipped: number;
  readonly lagMs: number;
  readonly collectionErrors: number;
  readonly process: ProcessFigures;
  /** By the value of the label `thread`. */
  readonly threads: ReadonlyMap<string, ThreadFigures>;
};

/** The metrics about the exporter itself; `process_*` are named as in Prometheus' client libraries. */
export const OWN_METRICS: readonly Metric<OwnFigures>[] = [
  {
    name: 'external_url_exporter.build_info',
    kind: 'gauge',
    help: 'Always 1. The labels are the versions of the exporter and of Node.js.',
    constantLabels: new SeriesLabels({ version: VERSION, nodejs_version: process.version }),
    observe: () => 1,
  },
  {
    name: 'external_url_exporter.targets',
    kind: 'gauge',
    help: 'Number of targets.',
    observe: ({ targets }) => targets,
  },
  {
    name: 'external_url_exporter.probes_in_flight',
    kind: 'gauge',
    help: 'Number of probes in progress.',
    observe: ({ inFlight }) => inFlight,
  },
  {
    name: 'external_url_exporter.schedule_lag_seconds',
    kind: 'gauge',
    help: 'Largest delay of a probe start after its due time within the last minute, in seconds.',
    observe: ({ lagMs }) => lagMs / 1000,
  },
  {
    name: 'external_url_exporter.probes_skipped',
    kind: 'counter',
    help: 'Probes skipped because the previous one was still running or the exporter was blocked.',
    observe: ({ skipped }) => skipped,
  },
  {
    name: 'external_url_exporter.config_last_reload_successful',
    kind: 'gauge',
    help: 'Whether the last attempt to load the configuration was successful (1) or not (0).',
    observe: ({ reloadSuccessful }) => Number(reloadSuccessful),
  },
  {
    name: 'external_url_exporter.config_last_reload_success_timestamp_seconds',
    kind: 'gauge',
    help: 'Unix time of the last successful load of the configuration.',
    observe: ({ reloadedAtMs }) => reloadedAtMs / 1000,
  },
  {
    name: 'external_url_exporter.target_file_errors',
    kind: 'counter',
    help: 'Failed reads of a file of target_files. Its last valid content stays in use.',
    observe: ({ targetFileErrors }) => targetFileErrors,
  },
  {
    name: 'external_url_exporter.collection_errors',
    kind: 'counter',
    help: 'Failed collections for /metrics, answered with HTTP status 500.',
    observe: ({ collectionErrors }) => collectionErrors,
  },
  {
    name: 'process.start_time_seconds',
    kind: 'gauge',
    help: 'Unix time when the process started.',
    observe: ({ process: { startTimeSeconds } }) => startTimeSeconds,
  },
  {
    name: 'process.cpu_seconds',
    kind: 'counter',
    help: 'Total user and system CPU time spent, in seconds.',
    observe: ({ process: { cpuSeconds } }) => cpuSeconds,
  },
  {
    name: 'process.resident_memory_bytes',
    kind: 'gauge',
    help: 'Resident memory size in bytes.',
    present: 'unless the process is out of file descriptors',
    observe: ({ process: { residentMemoryBytes } }) => residentMemoryBytes,
  },
  {
    name: 'process.open_fds',
    kind: 'gauge',
    help: 'Number of open file descriptors.',
    present: 'on Linux',
    observe: ({ process: { openFds } }) => openFds,
  },
  {
    name: 'process.max_fds',
    kind: 'gauge',
    help: 'Maximum number of open file descriptors.',
    present: 'on Linux',
    observe: ({ process: { maxFds } }) => maxFds,
  },
  {
    name: 'external_url_exporter.event_loop_delay_seconds',
    kind: 'gauge',
    help: 'Largest delay of the event loop within the last minute, in seconds.',
    label: 'thread',
    observe: perThread(({ loopDelayMs }) => loopDelayMs / 1000),
  },
  {
    name: 'external_url_exporter.heap_used_bytes',
    kind: 'gauge',
    help: 'Used size of the JavaScript heap in bytes.',
    label: 'thread',
    observe: perThread(({ heapUsedBytes }) => heapUsedBytes),
  },
  {
    name: 'external_url_exporter.gc_seconds',
    kind: 'counter',
    help: 'Total time spent in garbage collection, in seconds.',
    label: 'thread',
    observe: perThread(({ gcMs }) => gcMs / 1000),
  },
];

function perThread(read: (figures: ThreadFigures) => number) {
  return ({ threads }: OwnFigures): LabelledValue[] =>
    [...threads].map(([thread, figures]) => [thread, read(figures)]);
}
