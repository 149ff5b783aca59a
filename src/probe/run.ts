import type { ConnectionSettings, Target } from '../target/target.ts';
import type { Deadline } from './deadline.ts';
import type { Failure } from './failure.ts';
import type { ProbeResources } from './resources.ts';
import type { Timeline } from './timeline.ts';

/** What a probe has found so far; it is reported even if the probe fails in the end. */
type Findings = {
  statusCode?: number;
  redirects?: number;
  bodyBytes?: number;
  certificateExpirySeconds?: number;
};

/** The state of one probe, passed from step to step. */
export type Run = {
  readonly settings: ConnectionSettings;
  readonly resources: ProbeResources;
  readonly deadline: Deadline;
  readonly timeline: Timeline;
  readonly findings: Findings;
};

/**
 * How the URLs of a scheme are probed, in three steps. The first prepares, before the clock starts, what does not depend
 * on the target: files, tokens, threads.
 */
export type Protocol = (target: Target, resources: ProbeResources) => Promise<StartProbe | Failure>;

/** The second step sends the requests and reads the response to its last byte; only this step is timed. */
export type StartProbe = (run: Run) => Promise<CheckResponse | Failure>;

/** The third step checks whether the response is as expected. */
export type CheckResponse = () => Promise<Failure | undefined>;
