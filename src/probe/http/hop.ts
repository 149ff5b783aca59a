import type { Target } from '../../target/target.ts';
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
export function firstHop(target: Target, body: string | Buffer | undefined): Hop {
  const url = urls.get(target) ?? parseUrl(target);
  return { url, method: target.method, origin: 'own', ...(body !== undefined && { body }) };
}

// Each target's own is the same at every probe.
const urls = new WeakMap<Target, URL>();

function parseUrl(target: Target): URL {
  const url = new URL(target.url);
  // It never leaves the client, be it to a proxy (RFC 9110, 7.1).
  url.hash = '';
  urls.set(target, url);
  return url;
}

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The port of a URL, its scheme's own if it names none. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
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
