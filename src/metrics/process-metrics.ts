import type { ProcessFigures } from '../runtime/process.ts';
import type { LabelledValue, Metric } from './metric.ts';
import type { ThreadFacts, ThreadName } from './threads.ts';

/** The process and its threads at one moment. */
export type RuntimeFacts = {
  readonly process: ProcessFigures;
  readonly threads: ReadonlyMap<ThreadName, ThreadFacts>;
};

/** What is told of the process, under the names that Prometheus' own client libraries use, and of its threads. */
export const PROCESS_METRICS: readonly Metric<RuntimeFacts>[] = [
  {
    name: 'process.start_time_seconds',
    kind: 'gauge',
    help: 'When the process started, Unix time.',
    present: 'always',
    observe: ({ process }) => process.startTimeSeconds,
  },
  {
    name: 'process.cpu_seconds',
    kind: 'counter',
    help: 'Processor time spent, user and system.',
    present: 'always',
    observe: ({ process }) => process.cpuSeconds,
  },
  {
    name: 'process.resident_memory_bytes',
    kind: 'gauge',
    help: 'Memory of the process that is resident.',
    present: 'while there is a descriptor to ask with',
    observe: ({ process }) => process.residentMemoryBytes,
  },
  {
    name: 'process.open_fds',
    kind: 'gauge',
    help: 'File descriptors that are open.',
    present: 'on Linux',
    observe: ({ process }) => process.openFds,
  },
  {
    name: 'process.max_fds',
    kind: 'gauge',
    help: 'File descriptors that may be open.',
    present: 'on Linux',
    observe: ({ process }) => process.maxFds,
  },
  {
    name: 'external_url_exporter.event_loop_delay_seconds',
    kind: 'gauge',
    help: 'Largest delay of the event loop within the last minute.',
    present: 'always',
    label: 'thread',
    observe: perThread(({ loopDelayMs }) => loopDelayMs / 1000),
  },
  {
    name: 'external_url_exporter.heap_used_bytes',
    kind: 'gauge',
    help: 'Bytes of the JavaScript heap in use.',
    present: 'always',
    label: 'thread',
    observe: perThread(({ heapUsedBytes }) => heapUsedBytes),
  },
  {
    name: 'external_url_exporter.gc_seconds',
    kind: 'counter',
    help: 'Time spent in garbage collection.',
    present: 'always',
    label: 'thread',
    observe: perThread(({ gcMs }) => gcMs / 1000),
  },
];

function perThread(figure: (facts: ThreadFacts) => number) {
  return ({ threads }: RuntimeFacts): LabelledValue[] =>
    [...threads].map(([name, facts]) => [name, figure(facts)]);
}
