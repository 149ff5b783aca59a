import type { Connection } from '../connect/connection.ts';
import { Failure } from '../failure.ts';
import type { Reading } from '../http1/reading.ts';
import { requestText } from '../http1/request.ts';
import { isOver } from '../http1/response.ts';
import { ResponseReader } from '../http1/response-reader.ts';
import type { Hop, HttpRun } from './hop.ts';

/**
 * Writes a request to a connection that is ready and waits for the head of the final response; `headers` are names
 * and values in turn.
 * The phase `transfer` begins with that response's first byte, as it was read from the connection.
 */
export async function send(
  hop: Hop,
  headers: readonly string[],
  connection: Connection,
  { deadline, timeline, settings, keepsBody }: HttpRun,
): Promise<ResponseReader | Failure> {
  const { socket, proxy } = connection;
  if (socket.destroyed) return new Failure('connection_closed', 'closed before the request was sent');
  const { method, url, body } = hop;
  const reader = new ResponseReader(connection, { method, maxBodyBytes: settings.maxBodyBytes, keepsBody });
  // A proxy needs to know where to go (RFC 9112, 3.2.2).
  const target = proxy === undefined ? `${url.pathname}${url.search}` : url.href;
  socket.write(requestText({ method, target, headers }), 'latin1');
  if (body !== undefined) socket.write(body);
  const outcome = await deadline.run<ResponseReader>('response_timeout', (settle) => {
    reader.watch((reading) => {
      if (reading.hasHead) settle(reader);
      else if (isOver(reading)) settle(failureOfReading(reading));
    });
    return () => socket.destroy();
  });
  const { startedMs } = reader.reading;
  if (startedMs !== undefined) timeline.enter('transfer', startedMs);
  return outcome;
}

/** Waits for the end of the response. */
export function readToEnd(
  reader: ResponseReader,
  { socket }: Connection,
  { deadline }: HttpRun,
): Promise<Reading | Failure> {
  return deadline.run<Reading>('body_timeout', (settle) => {
    reader.watch((reading) => {
      if (reading.state === 'complete') settle(reading);
      else if (isOver(reading)) settle(failureOfReading(reading));
    });
    return () => socket.destroy();
  });
}

function failureOfReading({ failure, state }: Reading): Failure {
  return failure ?? new Failure('internal_error', `the response was left in the state ${state}`);
}
