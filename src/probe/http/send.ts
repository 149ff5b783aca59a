import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Connection } from '../connect/connection.ts';
import { Failure, failureOf, type NetworkError } from '../failure.ts';
import type { Run } from '../run.ts';
import { Arrival } from './arrival.ts';
import type { Hop } from './hop.ts';

/** The head of a final response; its body is not read yet. */
export type ResponseHead = {
  readonly status: number;
  readonly message: IncomingMessage;
  /** The first error of the request: the only sign of a connection that broke after the head. */
  readonly fault: () => NetworkError | undefined;
};

const MAX_HEADER_BYTES = 64 * 1024;
// A peer that sends them at full speed would delay every other probe.
const MAX_INTERIM = 1000;
const SWITCHED = 'the peer switched protocols (101) without a request for it';

/**
 * Writes a request to a connection that is ready and waits for the head of the final response; `headers` are names
 * and values in turn.
 * The phase `transfer` begins with that response's first byte, as it was read from the connection.
 */
export async function send(
  hop: Hop,
  headers: readonly string[],
  connection: Connection,
  { deadline, timeline }: Run,
): Promise<ResponseHead | Failure> {
  const { socket } = connection;
  if (socket.destroyed) return new Failure('connection_closed', 'closed before the request was sent');
  const arrival = new Arrival(socket);
  const outcome = await deadline.run<ResponseHead>('response_timeout', (settle) => {
    const request = requestOver(connection, hop, headers);
    let fault: NetworkError | undefined;
    const refuse = (reason: string) => {
      request.destroy();
      settle(new Failure('protocol_error', reason));
    };
    request.on('error', (error) => {
      fault ??= error;
      settle(failureOf(error, 'exchange'));
    });
    request.on('information', ({ statusCode }) => {
      arrival.restart();
      if (statusCode === 101) refuse(SWITCHED);
      if (arrival.restarts > MAX_INTERIM) refuse(`more than ${MAX_INTERIM} interim (1xx) responses`);
    });
    // Without this listener Node leaves the probe hanging.
    request.on('upgrade', () => refuse(SWITCHED));
    request.once('response', (message) => {
      const invalid = headFault(message, arrival.opening);
      if (invalid === undefined) settle({ status: message.statusCode ?? 0, message, fault: () => fault });
      else refuse(invalid);
    });
    request.end(hop.body);
    return () => request.destroy();
  });
  const firstByteMs = arrival.firstByteMs(!(outcome instanceof Failure));
  if (firstByteMs !== undefined) timeline.enter('transfer', firstByteMs);
  return outcome;
}

function requestOver(
  { socket, proxy }: Connection,
  { method, url }: Hop,
  headers: readonly string[],
): ClientRequest {
  return httpRequest({
    method,
    // A proxy needs to know where to go (RFC 9112, 3.2.2).
    path: proxy === undefined ? `${url.pathname}${url.search}` : url.href,
    headers,
    setHost: false,
    createConnection: () => socket,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
}

// Node's parser takes RTSP and other versions for HTTP/1, and a 101 without an Upgrade field for a final response.
function headFault({ statusCode = 0, httpVersion }: IncomingMessage, opening: string): string | undefined {
  if (opening !== 'HTTP/') return 'the response is not HTTP';
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return `the response is HTTP/${httpVersion}`;
  if (statusCode === 101) return SWITCHED;
  return statusCode < 200 ? `${statusCode} is not the status of a final response` : undefined;
}
