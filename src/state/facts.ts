import { type Phases, type ProbeResult, RESULTS, type ResultName } from '../probe/result.ts';
import { nowMs } from '../runtime/clock.ts';
import { nextPlaceMs, placeOf } from '../schedule/place.ts';
import { usesTls } from '../target/scheme.ts';
import type { Target } from '../target/target.ts';
import { type Health, healthOf, isFresh, staleAfterMs, type TargetState } from './target-state.ts';

/** A target as the status page, `/api/v1/targets` and `--once` show it; times in ISO 8601. */
export type TargetFacts = {
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Only if true: the target is up whatever its certificate. */
  readonly insecureSkipVerify?: boolean;
  readonly state: Health;
  /** When this state began; absent before the first result. */
  readonly since?: string;
  /** Whether the latest result is too old, so that the state is unknown. */
  readonly stale: boolean;
  readonly result?: ResultName;
  /** The result in words. */
  readonly meaning?: string;
  /** Why, in detail, as the latest probe found it. */
  readonly reason?: string;
  readonly responseMs?: number;
  readonly phases?: Phases;
  readonly statusCode?: number;
  readonly redirects?: number;
  readonly bodyBytes?: number;
  readonly certificateExpiry?: string;
  readonly lastProbe?: string;
  /** Absent before the first result. */
  readonly nextProbe?: string;
  /** Probes by result since the start. */
  readonly counts: Readonly<Partial<Record<ResultName, number>>>;
  /** Verdicts other than `success` since the start. */
  readonly failures: number;
  /** The last results, the oldest first, with their response times. */
  readonly history: readonly (readonly [ResultName, number | null])[];
};

/** A moment on both clocks: monotonic, and Unix milliseconds. */
export type Moment = { readonly nowMs: number; readonly wallMs: number };

/** The facts of all targets at this moment. */
export function allFacts(states: Iterable<TargetState>): readonly TargetFacts[] {
  const moment = { nowMs: nowMs(), wallMs: Date.now() };
  return Array.from(states, (state) => targetFacts(state, moment));
}

/** The facts of a target at a moment. */
export function targetFacts(state: TargetState, moment: Moment): TargetFacts {
  const { target, latest, counts, failures } = state;
  const { url, labels, intervalMs, timeoutMs } = target;
  return {
    url,
    labels,
    intervalMs,
    timeoutMs,
    ...(isUnverified(target) && { insecureSkipVerify: true }),
    ...healthFacts(state, moment),
    ...(latest && resultFacts(latest)),
    ...(latest && { nextProbe: iso(nextProbeMs(state, latest, moment)) }),
    counts: Object.fromEntries(counts),
    failures,
    // Computed when it is read: the page shows a few hundred of ten thousand targets.
    get history() {
      return historyOf(state);
    },
  };
}

function historyOf({ history }: TargetState): TargetFacts['history'] {
  return history
    .entries()
    .map(({ result, responseMs }) => [result, responseMs === undefined ? null : tenths(responseMs)]);
}

function isUnverified({ url, tls }: Target): boolean {
  return tls.insecureSkipVerify && usesTls(url);
}

function healthFacts(state: TargetState, { nowMs }: Moment): Pick<TargetFacts, 'state' | 'since' | 'stale'> {
  const { target, latest, sinceMs } = state;
  const stale = latest !== undefined && !isFresh(state, nowMs);
  if (stale) return { state: 'unknown', since: iso(latest.endedAtMs + staleAfterMs(target)), stale };
  return { state: healthOf(latest), ...(sinceMs !== undefined && { since: iso(sinceMs) }), stale };
}

function resultFacts(latest: ProbeResult): Partial<TargetFacts> {
  const { result, reason, responseMs, phases, statusCode, redirects, bodyBytes } = latest;
  const expirySeconds = latest.certificateExpirySeconds;
  return {
    result,
    meaning: RESULTS[result],
    ...(reason !== undefined && { reason }),
    ...(responseMs !== undefined && { responseMs }),
    phases,
    ...(statusCode !== undefined && { statusCode }),
    ...(redirects !== undefined && { redirects }),
    ...(bodyBytes !== undefined && { bodyBytes }),
    ...(expirySeconds !== undefined && { certificateExpiry: iso(expirySeconds * 1000) }),
    lastProbe: iso(latest.endedAtMs),
  };
}

// After its first probe a target waits for the first place past that one's deadline.
function nextProbeMs({ target, counts }: TargetState, latest: ProbeResult, { wallMs }: Moment): number {
  const probes = counts.values().reduce((sum, count) => sum + count, 0);
  const startedAtMs = latest.endedAtMs - (latest.endedMs - latest.startedMs);
  const fromMs = probes === 1 ? Math.max(wallMs, startedAtMs + target.timeoutMs) : wallMs;
  return nextPlaceMs(placeOf(target.key), target.intervalMs, Math.ceil(fromMs));
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
