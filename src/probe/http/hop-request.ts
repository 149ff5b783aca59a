import type { IncomingMessage } from 'node:http';
import { type Connection, openConnection } from '../connect/connection.ts';
import { proxyRefusal } from '../connect/tunnel.ts';
import { Failure } from '../failure.ts';
import { readBody } from './body.ts';
import { exchange } from './exchange.ts';
import type { Hop, HttpRun } from './hop.ts';
import { requestHeaders } from './request-headers.ts';
import type { ResponseHead } from './send.ts';

/** A final response, received whole; its body is there only if it is needed. */
export type HttpResponse = {
  readonly status: number;
  /** Values by lower-case name, one for each line of the header. */
  readonly headers: () => Readonly<Record<string, readonly string[]>>;
  readonly content?: Buffer;
};

/** A response that leads to another hop. */
type Redirect = { readonly status: number; readonly location: string | undefined };

/** Makes one request over a connection of its own. */
export async function requestHop(hop: Hop, run: HttpRun): Promise<HttpResponse | Redirect | Failure> {
  const connection = await openConnection(hop, run);
  if (connection instanceof Failure) return connection;
  run.timeline.enter('wait');
  try {
    const head = await exchange(hop, requestHeaders(hop, run, connection.proxy), connection, run);
    return head instanceof Failure ? head : await readResponse(head, connection, run);
  } finally {
    connection.socket.destroy();
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function readResponse(
  head: ResponseHead,
  { proxy }: Connection,
  run: HttpRun,
): Redirect | Failure | Promise<HttpResponse | Failure> {
  const { settings, findings } = run;
  const { status, message } = head;
  if (proxy !== undefined && status === 407) return proxyRefusal(status);
  findings.statusCode = status;
  findings.redirects ??= 0;
  // RFC 9110, 15.4.
  if (settings.followRedirects && REDIRECTS.has(status))
    return { status, location: message.headers.location };
  return readFinal(head, run);
}

async function readFinal(
  head: ResponseHead,
  { settings, deadline, findings, keepsBody }: HttpRun,
): Promise<HttpResponse | Failure> {
  const body = await readBody(head, { maxBytes: settings.maxBodyBytes, keep: keepsBody }, deadline);
  if (body instanceof Failure) return body;
  findings.bodyBytes = body.bytes;
  return {
    status: head.status,
    headers: () => headersOf(head.message),
    ...(body.content && { content: body.content }),
  };
}

function headersOf({ headersDistinct }: IncomingMessage): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values]));
}
