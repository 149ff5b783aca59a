import { drain } from './body.ts';
import { connection } from './connection.ts';
import { exchange } from './exchange.ts';
import { statusFailure } from './expectation.ts';
import { Failure } from './failure.ts';
import { type Hop, isRedirect, nextHop } from './hop.ts';
import { requestHeaders } from './request-headers.ts';
import type { Run } from './run.ts';
import type { Reply } from './send.ts';

/** Goes from hop to hop up to the final response and judges it; the outcome is why the target is not up, if it is not. */
export async function walk(first: Hop, run: Run): Promise<Failure | undefined> {
  const { target, findings } = run;
  const visited = new Set<string>();
  let hop = first;
  while (true) {
    visited.add(identity(hop));
    const next = await made(hop, run);
    if (next === undefined || next instanceof Failure) return next;
    if (visited.has(identity(next)))
      return new Failure('redirect_error', 'the redirects go round in a circle');
    if (visited.size > target.maxRedirects) {
      return new Failure('redirect_error', `more than ${target.maxRedirects} redirects`);
    }
    findings.redirects = visited.size;
    delete findings.statusCode;
    hop = next;
  }
}

function identity({ method, url }: Hop): string {
  return `${method} ${url.href}`;
}

// One hop. The outcome is the hop it leads to, why the target is not up, or nothing if it is.
async function made(hop: Hop, run: Run): Promise<Hop | Failure | undefined> {
  const socket = await connection(hop, run);
  if (socket instanceof Failure) return socket;
  run.timeline.enter('wait');
  try {
    const reply = await exchange(hop, requestHeaders(hop, run.target), socket, run);
    return reply instanceof Failure ? reply : await answered(hop, reply, run);
  } finally {
    socket.destroy();
  }
}

async function answered(hop: Hop, reply: Reply, run: Run): Promise<Hop | Failure | undefined> {
  const { target, deadline, findings } = run;
  findings.statusCode = reply.status;
  findings.redirects ??= 0;
  if (target.followRedirects && isRedirect(reply.status)) {
    return nextHop(hop, reply.status, reply.message.headers.location);
  }
  const bodyBytes = await drain(reply, target.maxBodyBytes, deadline);
  if (bodyBytes instanceof Failure) return bodyBytes;
  findings.bodyBytes = bodyBytes;
  return statusFailure(reply.status, target.expect.status);
}
