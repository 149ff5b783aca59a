import type { IncomingMessage } from 'node:http';
import type { Deadline } from './deadline.ts';
import { Failure, failureOf } from './failure.ts';
import type { Reply } from './send.ts';

/** Reads a body to its end without keeping it; the outcome is its size in bytes as received. */
export function drain(reply: Reply, maxBytes: number, deadline: Deadline): Promise<number | Failure> {
  const { message, fault } = reply;
  return deadline.run<number>('body_timeout', (settle) => {
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(tooLarge(maxBytes));
    });
    message.once('end', () => settle(incomplete(reply) ?? bytes));
    message.once('error', (error) => settle(failureOf(fault() ?? error, 'exchange')));
    message.once('close', () => settle(incomplete(reply) ?? bytes));
    return () => message.destroy();
  });
}

function tooLarge(maxBytes: number): Failure {
  return new Failure('body_too_large', `the body is larger than ${maxBytes} bytes`);
}

// A body without a length ends with the connection, so only the connection can tell an end from a break.
function incomplete({ message, fault }: Reply): Failure | undefined {
  const error = fault();
  if (error !== undefined && !(message.complete && isFramed(message))) return failureOf(error, 'exchange');
  if (message.complete) return undefined;
  return new Failure('connection_closed', 'closed before the body was complete');
}

function isFramed({ headers }: IncomingMessage): boolean {
  const codings = headers['transfer-encoding'] ?? '';
  return headers['content-length'] !== undefined || /(?:^|,)\s*chunked\s*$/i.test(codings);
}
