import { isVerdict, PHASES, type ProbeResult } from '../probe/result.ts';
import { isFresh, type TargetState } from '../state/target-state.ts';
import type { LabelledValue, Metric } from './metric.ts';

/** What can be exported of a target at one moment. */
export type Observation = {
  readonly state: TargetState;
  /** The latest result, while it is fresh. */
  readonly fresh: ProbeResult | undefined;
  /** The latest result, while it is fresh and a verdict. */
  readonly verdict: ProbeResult | undefined;
};

/** What can be exported of a target at `nowMs` on the monotonic clock. */
export function observationOf(state: TargetState, nowMs: number): Observation {
  const fresh = isFresh(state, nowMs) ? state.latest : undefined;
  const verdict = fresh !== undefined && isVerdict(fresh.result) ? fresh : undefined;
  return { state, fresh, verdict };
}

/** The metrics of each target; their series have the label `url` and the target's own labels. */
export const TARGET_METRICS: readonly Metric<Observation>[] = [
  {
    name: 'sample.external_url.up',
    kind: 'gauge',
    help: 'Whether the latest probe was successful (1) or not (0).',
    present: 'once probed',
    observe: ({ verdict }) => verdict && Number(verdict.result === 'success'),
  },
  {
    name: 'sample.external_url.response_ms',
    kind: 'gauge',
    help: 'Milliseconds from the start of the DNS lookup to the last byte of the final body or to the failure.',
    present: 'once probed',
    observe: ({ verdict }) => verdict?.responseMs,
  },
  {
    name: 'sample.external_url.phase_ms',
    kind: 'gauge',
    help: 'Milliseconds spent in each phase of the latest probe. The phases sum to the response time.',
    present: 'for each phase that was entered',
    label: 'phase',
    observe: phases,
  },
  {
    name: 'sample.external_url.status_code',
    kind: 'gauge',
    help: 'HTTP status code of the final response.',
    present: 'if there was a final response',
    observe: ({ verdict }) => verdict?.statusCode,
  },
  {
    name: 'sample.external_url.result',
    kind: 'gauge',
    help: 'Result of the latest probe: 1 for its result, 0 for the other results this target has had.',
    present: 'once probed',
    label: 'result',
    observe: results,
  },
  {
    name: 'sample.external_url.probes',
    kind: 'counter',
    help: 'Total probes by result.',
    present: 'for each result that occurred, and for `success` always',
    label: 'result',
    observe: ({ state }) => [...state.counts],
  },
  {
    name: 'sample.external_url.failures',
    kind: 'counter',
    help: 'Total probes that found the target down.',
    observe: ({ state }) => state.failures,
  },
  {
    name: 'sample.external_url.redirects',
    kind: 'gauge',
    help: 'Number of redirects that the latest probe followed.',
    present: 'if there was a response',
    observe: ({ verdict }) => verdict?.redirects,
  },
  {
    name: 'sample.external_url.body_bytes',
    kind: 'gauge',
    help: 'Size of the final body in bytes, as received.',
    present: 'if a body was read',
    observe: ({ verdict }) => verdict?.bodyBytes,
  },
  {
    name: 'sample.external_url.certificate_expiry_timestamp_seconds',
    kind: 'gauge',
    help: 'Unix time of the earliest expiry in the certificate chain. The trusted root does not count.',
    present: 'with https, also if the verification failed',
    observe: ({ verdict }) => verdict?.certificateExpirySeconds,
  },
  {
    name: 'sample.external_url.last_probe_timestamp_seconds',
    kind: 'gauge',
    help: 'Unix time when the latest probe ended. It is exported even if the result is too old for the other metrics.',
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

// The 0 ends a result at once: a series that is only absent over OTLP stays for minutes, and two results would be 1.
function results({ state, fresh }: Observation): LabelledValue[] {
  if (fresh === undefined) return [];
  const had = [...state.counts].filter(([, probes]) => probes > 0);
  return had.map(([result]) => [result, Number(result === fresh.result)]);
}
