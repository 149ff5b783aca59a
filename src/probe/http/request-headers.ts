import { VERSION } from '../../version.ts';
import { proxyAuthorization } from '../connect/tunnel.ts';
import type { Hop, HttpRun } from './hop.ts';

/** Names the exporter and its version to the servers that it probes. */
const USER_AGENT = `external-url-exporter/${VERSION}`;

/**
 * The header of a hop's request, names and values in turn: our own fields, which configured ones replace at the target's
 * own origin only.
 */
export function requestHeaders(
  hop: Hop,
  { settings, authorization }: HttpRun,
  proxy?: URL,
): readonly string[] {
  const headers = new Map<string, readonly [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set('Host', hop.url.host);
  set('Accept', '*/*');
  set('User-Agent', USER_AGENT);
  if (hop.origin === 'own') {
    for (const [name, value] of Object.entries(settings.headers)) set(name, value);
    if (authorization !== undefined) set('Authorization', authorization);
  }
  for (const [name, value] of Object.entries(proxy ? proxyAuthorization(proxy) : {})) set(name, value);
  set('Connection', 'close');
  const bytes = contentLength(hop);
  if (bytes !== undefined) set('Content-Length', String(bytes));
  return [...headers.values()].flat();
}

const WITHOUT_CONTENT = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

// 0 is sent where a server expects content (RFC 9110, 8.6).
function contentLength({ method, body }: Hop): number | undefined {
  if (body !== undefined) return Buffer.byteLength(body);
  return WITHOUT_CONTENT.has(method) ? undefined : 0;
}
