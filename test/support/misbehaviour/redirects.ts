import type { ServerResponse } from 'node:http';
import { blackhole, refusingPort } from '../blackhole.ts';
import { issue } from '../certificates.ts';
import { type Handler, httpServer } from '../http-server.ts';
import { after } from '../raw-server.ts';
import type { Overrides } from '../target.ts';
import { tlsServer } from '../tls-server.ts';
import { type Misbehaviour, misbehaving, says } from './kind.ts';

/** One HTTP server whose answers depend on the path; the probe starts at `/0`. */
function serving(handler: Handler, overrides: Overrides = {}): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const server = stack.use(await httpServer(handler));
      return { url: server.url('/0'), overrides, requests: () => server.requests.length };
    });
}

/** A server that redirects to another, of which each counts. */
function leadingTo(
  other: (stack: AsyncDisposableStack) => Promise<{ url: string; requests(): number }>,
  { status = 302, ...overrides }: Overrides & { readonly status?: number } = {},
): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const { url, requests } = await other(stack);
      const server = stack.use(await httpServer((_, response) => redirect(response, url, status)));
      return { url: server.url(), overrides, requests: () => server.requests.length + requests() };
    });
}

function redirect(response: ServerResponse, location: string, status = 302): void {
  response.writeHead(status, { location }).end();
}

/** Goes from `/0` to `/1` and so on, up to `/last`, which answers with a status. */
function staircase(last: number, status = 200): Handler {
  return ({ url }, response) => {
    const step = Number(url.slice(1));
    if (step < last) redirect(response, `/${step + 1}`);
    else response.writeHead(status).end('done');
  };
}

async function another(stack: AsyncDisposableStack) {
  const server = stack.use(await httpServer());
  return { url: server.url(), requests: () => server.requests.length };
}

/** Redirects whose Location cannot be used; found at the first hop. */
const UNUSABLE: readonly Misbehaviour[] = Object.entries({
  'no Location': '',
  'an empty Location': 'Location: \r\n',
  'a Location that is no URL': 'Location: http://[\r\n',
  'a Location with a port that cannot be': 'Location: http://127.0.0.1:99999/\r\n',
  'a Location of ftp': 'Location: ftp://127.0.0.1/\r\n',
  'a Location that is a file': 'Location: file:///etc/passwd\r\n',
  'a Location that is a script': 'Location: javascript:alert(1)\r\n',
}).map(([name, location]) => ({
  name: `a redirect with ${name}`,
  start: says(`HTTP/1.1 302 Found\r\nContent-Length: 0\r\n${location}\r\n`),
  expected: { result: 'redirect_error', requests: 1 },
}));

const ENDLESS: readonly Misbehaviour[] = [
  {
    name: 'a redirect to itself',
    start: serving((_, response) => redirect(response, '/0')),
    expected: { result: 'redirect_error', requests: 1 },
  },
  {
    name: 'redirects in a circle',
    start: serving(({ url }, response) => redirect(response, url === '/0' ? '/1' : '/0')),
    expected: { result: 'redirect_error', requests: 2 },
  },
  {
    name: 'redirects without end',
    start: serving(staircase(Number.POSITIVE_INFINITY)),
    expected: { result: 'redirect_error', requests: 11 },
  },
  {
    name: 'one redirect more than allowed (max_redirects off by one)',
    start: serving(staircase(3), { maxRedirects: 2 }),
    expected: { result: 'redirect_error', requests: 3 },
  },
  {
    name: 'slow hops before one deadline (redirects that reset it)',
    start: serving((request, response) => {
      after(1050, response, () => staircase(10)(request, response));
    }),
    expected: { result: 'response_timeout', phase: 'wait', requests: [2, 3] },
  },
];

const ASTRAY: readonly Misbehaviour[] = [
  {
    name: 'a redirect to a port that refuses',
    start: leadingTo(async (stack) => {
      const { authority } = stack.use(await refusingPort());
      return { url: `http://${authority}/`, requests: () => 0 };
    }),
    expected: { result: 'connect_refused', requests: 1 },
  },
  {
    name: 'a redirect to where SYNs are dropped',
    start: leadingTo(async (stack) => {
      const { authority } = stack.use(await blackhole());
      return { url: `http://${authority}/`, requests: () => 0 };
    }),
    expected: { result: 'connect_timeout', phase: 'connect', requests: 1 },
  },
  {
    name: 'a redirect to a certificate that is not trusted',
    start: leadingTo(async (stack) => {
      const server = stack.use(await tlsServer(await issue()));
      return { url: server.url(), requests: server.applicationBytes };
    }),
    expected: { result: 'tls_certificate', requests: 1 },
  },
  {
    name: '307 that needs the body sent to another origin',
    start: leadingTo(another, { status: 307, method: 'POST', body: 'secret' }),
    expected: { result: 'redirect_error', requests: 1 },
  },
  {
    name: 'a redirect to a page that is down',
    start: serving(staircase(1, 503)),
    expected: { result: 'unexpected_status', requests: 2 },
  },
  {
    name: 'a redirect where redirects are not followed',
    start: serving(staircase(1), { followRedirects: false }),
    expected: { result: 'unexpected_status', requests: 1 },
  },
];

const ALLOWED: readonly Misbehaviour[] = [
  {
    name: 'exactly as many redirects as allowed (max_redirects off by one)',
    start: serving(staircase(2), { maxRedirects: 2 }),
    expected: { result: 'success', requests: 3 },
  },
  {
    name: 'a redirect to another origin',
    start: leadingTo(another),
    expected: { result: 'success', requests: 2 },
  },
  {
    name: 'a redirect whose own body never ends',
    start: serving(({ url }, response) => {
      if (url === '/1') response.end('done');
      else response.writeHead(302, { location: '/1' }).write('endless');
    }),
    expected: { result: 'success', requests: 2 },
  },
  {
    name: 'a redirect that is expected, where redirects are not followed',
    start: serving(staircase(1), { followRedirects: false, expect: { status: [[302, 302]] } }),
    expected: { result: 'success', requests: 1 },
  },
];

const STATUSES: readonly Misbehaviour[] = [503, 404, 500, 201, 300].map((status) => ({
  name: `status ${status} where 200 is expected`,
  start: serving((_, response) => response.writeHead(status).end()),
  expected: { result: 'unexpected_status', requests: 1 },
}));

/** Servers that send a probe elsewhere, or answer with a status that is not expected. */
export const REDIRECTS: readonly Misbehaviour[] = [
  ...UNUSABLE,
  ...ENDLESS,
  ...ASTRAY,
  ...ALLOWED,
  ...STATUSES,
];
