import { Failure } from '../failure.ts';
import type { Hop, HttpRun } from './hop.ts';
import { requestHop } from './hop-request.ts';
import type { HttpResponse } from './response.ts';

/** Requests a URL, and where its redirects lead, up to the final response. */
export async function requestUrl(first: Hop, run: HttpRun): Promise<HttpResponse | Failure> {
  const { settings, findings } = run;
  const visited = new Set<string>();
  let hop = first;
  while (true) {
    visited.add(identityOf(hop));
    const response = await requestHop(hop, run);
    if (response instanceof Failure || !('location' in response)) return response;
    const next = nextHop(hop, response.status, response.location);
    if (next instanceof Failure) return next;
    if (visited.has(identityOf(next))) return new Failure('redirect_error', 'the redirects form a loop');
    if (visited.size > settings.maxRedirects) {
      return new Failure('redirect_error', `more than ${settings.maxRedirects} redirects`);
    }
    findings.redirects = visited.size;
    delete findings.statusCode;
    hop = next;
  }
}

function identityOf({ method, url }: Hop): string {
  return `${method} ${url.href}`;
}

/** The hop that a redirect leads to, or why it cannot be followed. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | Failure {
  const url = resolveLocation(hop.url, location);
  if (url instanceof Failure) return url;
  const origin = hop.origin === 'own' && url.origin === hop.url.origin ? 'own' : 'foreign';
  const method = methodAfter(status, hop.method);
  const next = { url, method, origin } as const;
  if (hop.body === undefined || status === 303 || method !== hop.method) return next;
  if (origin === 'own') return { ...next, body: hop.body };
  return new Failure('redirect_error', `the redirect (${status}) needs the body sent to another origin`);
}

// An HTTP redirect leads to no other protocol, whatever else can be probed.
const FOLLOWED: readonly string[] = ['http:', 'https:'];

function resolveLocation(base: URL, location: string | undefined): URL | Failure {
  if (location === undefined || location === '') return failRedirect('there is no Location');
  const url = URL.parse(decodeUtf8(location), base.href);
  if (url === null) return failRedirect('its Location is not a URL');
  if (!FOLLOWED.includes(url.protocol)) return failRedirect(`the scheme of its Location is ${url.protocol}`);
  // A Location may name a user; no password is sent that nobody configured.
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function failRedirect(why: string): Failure {
  return new Failure('redirect_error', `the redirect cannot be followed: ${why}`);
}

// Node reads header bytes as Latin-1; servers write UTF-8 (WHATWG Fetch, "location URL").
function decodeUtf8(location: string): string {
  return Buffer.from(location, 'latin1').toString('utf8');
}

// RFC 9110, 15.4: 303 turns all but HEAD into GET; 301 and 302 do so for POST, as every client does.
function methodAfter(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? method : 'GET';
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method;
}
