import type { RequestSettings } from '../../target/target.ts';
import type { Run } from '../run.ts';

/** One HTTP exchange of a probe. */
export type Hop = {
  readonly url: URL;
  readonly method: string;
  readonly body?: string | Buffer;
  /** `foreign` once a redirect has led to another origin, and from then on: nothing configured is sent there. */
  readonly origin: 'own' | 'foreign';
};

/** A run of hops up to a final response. */
export type HttpRun = Run & {
  readonly settings: RequestSettings;
  /** The value of the Authorization field, for the target's own origin only. */
  readonly authorization?: string | undefined;
  /** Whether the final body is needed afterwards. */
  readonly keepsBody: boolean;
};

/** The first hop of a run. */
export function firstHop({ settings, resources }: HttpRun, body: string | Buffer | undefined): Hop {
  const url = resources.urlOf(settings.url);
  return { url, method: settings.method, origin: 'own', ...(body !== undefined && { body }) };
}
