import type { RequestSettings } from '../../target/target.ts';
import { Failure } from '../failure.ts';

/** One HTTP exchange of a probe. */
export type Hop = {
  readonly url: URL;
  readonly method: string;
  readonly body?: string | Buffer;
  /** `foreign` once a redirect has led to another origin, and from then on: nothing configured goes there. */
  readonly origin: 'own' | 'foreign';
};

/** The first hop of a probe. */
export function firstHop(settings: RequestSettings, body: string | Buffer | undefined): Hop {
  const url = new URL(settings.url);
  // The fragment never leaves the client, not even to a proxy (RFC 9110, 7.1).
  if (url.hash !== '') url.hash = '';
  return { url, method: settings.method, origin: 'own', ...(body !== undefined && { body }) };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether a status asks to be followed elsewhere (RFC 9110, 15.4). */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** The hop that a redirect leads to, or why it cannot be followed. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | Failure {
  const url = resolve(hop.url, location);
  if (url instanceof Failure) return url;
  const origin = hop.origin === 'own' && url.origin === hop.url.origin ? 'own' : 'foreign';
  const method = methodAfter(status, hop.method);
  const next = { url, method, origin } as const;
  if (hop.body === undefined || status === 303 || method !== hop.method) return next;
  if (origin === 'own') return { ...next, body: hop.body };
  return new Failure('redirect_error', `${status} wants the body sent to another origin`);
}

function resolve(base: URL, location: string | undefined): URL | Failure {
  if (location === undefined || location === '') return unusable('there is no Location');
  const url = URL.parse(utf8(location), base.href);
  if (url === null) return unusable('its Location is not a URL');
  if (!['http:', 'https:'].includes(url.protocol)) return unusable(`its Location is of ${url.protocol}`);
  // It may name a user of its own; sending a password that nobody configured is not ours to do.
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function unusable(why: string): Failure {
  return new Failure('redirect_error', `the redirect cannot be followed: ${why}`);
}

// Header bytes reach us as Latin-1; servers write UTF-8 (WHATWG Fetch, "location URL").
function utf8(location: string): string {
  return Buffer.from(location, 'latin1').toString('utf8');
}

// RFC 9110, 15.4: 303 turns all but HEAD into GET; 301 and 302 do so for POST, as every client does.
function methodAfter(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? method : 'GET';
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method;
}
