import type { RequestSettings } from '../target/target.ts';
import type { Deadline } from './deadline.ts';
import type { Timeline } from './timeline.ts';

/** What a probe has found so far; it is told even where the probe fails in the end. */
type Findings = {
  statusCode?: number;
  redirects?: number;
  bodyBytes?: number;
  certificateExpirySeconds?: number;
};

/** One probe under way, handed from step to step. */
export type Run = {
  readonly settings: RequestSettings;
  /** The value of the Authorization field, for the target's own origin only. */
  readonly authorization?: string;
  readonly deadline: Deadline;
  readonly timeline: Timeline;
  readonly findings: Findings;
  /** Whether the final body is wanted afterwards. */
  readonly keepsBody: boolean;
};
