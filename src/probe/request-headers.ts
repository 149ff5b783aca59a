import { VERSION } from '../config/version.ts';
import type { Hop } from './hop.ts';
import type { Run } from './run.ts';
import { proxyAuthorization } from './tunnel.ts';

/** Header fields by name; `false` keeps axios from adding one of its own. */
export type Headers = Readonly<Record<string, string | false>>;

/** Names the exporter and its version to the servers that it probes. */
const USER_AGENT = `external-url-exporter/${VERSION}`;

/** The header of a hop's request: ours, replaced by what was configured at the target's own origin only. */
export function requestHeaders(hop: Hop, { target, authorization }: Run, proxy?: URL): Headers {
  const headers = new Map<string, [string, string | false]>();
  const set = (name: string, value: string | false) => headers.set(name.toLowerCase(), [name, value]);
  set('Host', hop.url.host);
  set('Accept', '*/*');
  set('User-Agent', USER_AGENT);
  // It would call any body a form.
  set('Content-Type', false);
  if (hop.origin === 'own') {
    for (const [name, value] of Object.entries(target.headers)) set(name, value);
    if (authorization !== undefined) set('Authorization', authorization);
  }
  for (const [name, value] of Object.entries(proxy ? proxyAuthorization(proxy) : {})) set(name, value);
  set('Connection', 'close');
  const bytes = contentLength(hop);
  if (bytes !== undefined) set('Content-Length', String(bytes));
  return Object.fromEntries(headers.values());
}

const WITHOUT_CONTENT = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

// Said to be 0 where content is to be expected (RFC 9110, 8.6).
function contentLength({ method, body }: Hop): number | undefined {
  if (body !== undefined) return Buffer.byteLength(body);
  return WITHOUT_CONTENT.has(method) ? undefined : 0;
}
