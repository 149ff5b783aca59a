import { PHASES } from '../probe/result.ts';
import type { LabelledValue, Metric } from './metric.ts';
import type { Observation } from './observation.ts';

/** What is told of each target; its series carry the label `url` and the target's own labels. */
export const TARGET_METRICS: readonly Metric<Observation>[] = [
  {
    name: 'sample.external_url.up',
    kind: 'gauge',
    help: 'Whether the latest probe was a success (1) or not (0).',
    present: 'once probed',
    observe: ({ verdict }) => verdict && Number(verdict.result === 'success'),
  },
  {
    name: 'sample.external_url.response_ms',
    kind: 'gauge',
    help: 'Milliseconds from the start of the look-up to the last byte of the final body, or to the failure.',
    present: 'once probed',
    observe: ({ verdict }) => verdict?.responseMs,
  },
  {
    name: 'sample.external_url.phase_ms',
    kind: 'gauge',
    help: 'Milliseconds spent in each phase of the latest probe; the phases sum to the response time.',
    present: 'phases entered',
    label: 'phase',
    observe: phases,
  },
  {
    name: 'sample.external_url.status_code',
    kind: 'gauge',
    help: 'HTTP status of the final response.',
    present: 'if a final response came',
    observe: ({ verdict }) => verdict?.statusCode,
  },
  {
    name: 'sample.external_url.result',
    kind: 'gauge',
    help: 'What the latest probe found: 1 for its result, 0 for the others this target has had.',
    present: 'once probed',
    label: 'result',
    observe: results,
  },
  {
    name: 'sample.external_url.probes',
    kind: 'counter',
    help: 'Probes by their result.',
    present: 'results seen, and `success` from the start',
    label: 'result',
    observe: ({ state }) => [...state.counts],
  },
  {
    name: 'sample.external_url.failures',
    kind: 'counter',
    help: 'Probes that found the target not up.',
    present: 'from the start',
    observe: ({ state }) => state.failures,
  },
  {
    name: 'sample.external_url.redirects',
    kind: 'gauge',
    help: 'Redirects followed by the latest probe.',
    present: 'once a response came',
    observe: ({ verdict }) => verdict?.redirects,
  },
  {
    name: 'sample.external_url.body_bytes',
    kind: 'gauge',
    help: 'Bytes of the final body, as received.',
    present: 'once a body was read',
    observe: ({ verdict }) => verdict?.bodyBytes,
  },
  {
    name: 'sample.external_url.certificate_expiry_timestamp_seconds',
    kind: 'gauge',
    help: 'When the first certificate of the chain expires, Unix time; without the trusted root.',
    present: 'https, also when verification failed',
    observe: ({ verdict }) => verdict?.certificateExpirySeconds,
  },
  {
    name: 'sample.external_url.last_probe_timestamp_seconds',
    kind: 'gauge',
    help: 'End of the latest probe, Unix time; it stays when the result is too old to be told.',
    present: 'once probed',
    observe: ({ state: { latest } }) => latest && latest.endedAtMs / 1000,
  },
];

function phases({ verdict }: Observation): LabelledValue[] {
  return PHASES.flatMap((phase): LabelledValue[] => {
    const spentMs = verdict?.phases[phase];
    return spentMs === undefined ? [] : [[phase, spentMs]];
  });
}

// The 0 ends a result at once: over OTLP a series that is merely absent lingers, and two would read 1.
function results({ state, fresh }: Observation): LabelledValue[] {
  if (fresh === undefined) return [];
  const had = [...state.counts].filter(([, probes]) => probes > 0);
  return had.map(([result]) => [result, Number(result === fresh.result)]);
}
