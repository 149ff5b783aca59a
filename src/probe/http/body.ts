import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Deadline } from '../deadline.ts';
import { Failure, failureOf } from '../failure.ts';
import type { ResponseHead } from './send.ts';

/** A body that was read to its end: its size as received and, if it is kept, its bytes. */
export type Body = { readonly bytes: number; readonly content?: Buffer };

/** Reads a body to its end. */
export function readBody(
  head: ResponseHead,
  { maxBytes, keep }: { maxBytes: number; keep: boolean },
  deadline: Deadline,
): Promise<Body | Failure> {
  const { message, fault } = head;
  return deadline.run<Body>('body_timeout', (settle) => {
    let bytes = 0;
    const chunks: Buffer[] = [];
    const end = () =>
      settle(incompleteFailure(head) ?? { bytes, ...(keep && { content: Buffer.concat(chunks) }) });
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(tooLarge(maxBytes));
      else if (keep) chunks.push(chunk);
    });
    message.prependOnceListener('end', () => {
      end();
      // Node would half-close it first and wait for that, which costs CPU; TLS must still send close_notify.
      if (!(message.socket instanceof TLSSocket)) message.socket.destroy();
    });
    message.once('error', (error) => settle(failureOf(fault() ?? error, 'exchange')));
    message.once('close', end);
    return () => message.destroy();
  });
}

/** The failure of a body over `max_body_size`. */
function tooLarge(maxBytes: number): Failure {
  return new Failure('body_too_large', `the body is larger than ${maxBytes} bytes`);
}

// A body without a length ends with the connection, so only the connection can tell an end from a break.
function incompleteFailure({ message, fault }: ResponseHead): Failure | undefined {
  const error = fault();
  if (error !== undefined && !(message.complete && isFramed(message))) return failureOf(error, 'exchange');
  if (message.complete) return undefined;
  return new Failure('connection_closed', 'closed before the body was complete');
}

function isFramed({ headers }: IncomingMessage): boolean {
  const codings = headers['transfer-encoding'] ?? '';
  return headers['content-length'] !== undefined || /(?:^|,)\s*chunked\s*$/i.test(codings);
}
