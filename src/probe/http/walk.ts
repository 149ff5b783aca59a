import type { IncomingMessage } from 'node:http';
import { type Connection, connection } from '../connect/connection.ts';
import { refusal } from '../connect/tunnel.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import { readBody } from './body.ts';
import { exchange } from './exchange.ts';
import { type Hop, isRedirect, nextHop } from './hop.ts';
import { requestHeaders } from './request-headers.ts';
import type { Reply } from './send.ts';

/** The final response of a probe, received whole; its body is there only if an expectation needs it. */
export type Final = {
  readonly status: number;
  /** Values by lower-case name, one for each line of the header. */
  readonly headers: () => Readonly<Record<string, readonly string[]>>;
  readonly content?: Buffer;
};

/** Goes from hop to hop up to the final response. */
export async function walk(first: Hop, run: Run): Promise<Final | Failure> {
  const { settings, findings } = run;
  const visited = new Set<string>();
  let hop = first;
  while (true) {
    visited.add(identity(hop));
    const outcome = await made(hop, run);
    if (outcome instanceof Failure || 'status' in outcome) return outcome;
    if (visited.has(identity(outcome)))
      return new Failure('redirect_error', 'the redirects go round in a circle');
    if (visited.size > settings.maxRedirects) {
      return new Failure('redirect_error', `more than ${settings.maxRedirects} redirects`);
    }
    findings.redirects = visited.size;
    delete findings.statusCode;
    hop = outcome;
  }
}

function identity({ method, url }: Hop): string {
  return `${method} ${url.href}`;
}

// One hop: it leads to another one, to the final response, or nowhere.
async function made(hop: Hop, run: Run): Promise<Hop | Final | Failure> {
  const opened = await connection(hop, run);
  if (opened instanceof Failure) return opened;
  run.timeline.enter('wait');
  try {
    const reply = await exchange(hop, requestHeaders(hop, run, opened.proxy), opened, run);
    return reply instanceof Failure ? reply : await answered(hop, reply, opened, run);
  } finally {
    opened.socket.destroy();
  }
}

function answered(
  hop: Hop,
  reply: Reply,
  { proxy }: Connection,
  run: Run,
): Hop | Failure | Promise<Final | Failure> {
  const { settings, findings } = run;
  const { status, message } = reply;
  if (proxy !== undefined && status === 407) return refusal(status);
  findings.statusCode = status;
  findings.redirects ??= 0;
  if (settings.followRedirects && isRedirect(status)) return nextHop(hop, status, message.headers.location);
  return finalOf(reply, run);
}

async function finalOf(
  reply: Reply,
  { settings, deadline, findings, keepsBody }: Run,
): Promise<Final | Failure> {
  const body = await readBody(reply, { maxBytes: settings.maxBodyBytes, keep: keepsBody }, deadline);
  if (body instanceof Failure) return body;
  findings.bodyBytes = body.bytes;
  return {
    status: reply.status,
    headers: () => headersOf(reply.message),
    ...(body.content && { content: body.content }),
  };
}

function headersOf({ headersDistinct }: IncomingMessage): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values]));
}
