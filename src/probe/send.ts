import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { nowMs } from './clock.ts';
import { Failure, failureOf, type NetworkError } from './failure.ts';
import type { Hop } from './hop.ts';
import type { Run } from './run.ts';

/** The head of a final response; its body is still to come. */
export type Reply = {
  readonly status: number;
  readonly message: IncomingMessage;
  /** The first error of the request, which alone tells of a connection that broke after the head. */
  readonly fault: () => NetworkError | undefined;
};

const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Writes a request to a connection that is ready and waits for the head of the final response.
 * The phase `transfer` begins with that response's first byte, as it was read from the connection.
 */
export async function send(
  hop: Hop,
  headers: Readonly<Record<string, string>>,
  socket: Socket,
  { deadline, timeline }: Run,
): Promise<Reply | Failure> {
  if (socket.destroyed) return new Failure('connection_closed', 'closed before the request was sent');
  const arrival = new Arrival(socket);
  const outcome = await deadline.run<Reply>('response_timeout', (settle) => {
    const request = requestOver(socket, hop, headers);
    let fault: NetworkError | undefined;
    request.on('error', (error) => {
      fault ??= error;
      settle(failureOf(error, 'exchange'));
    });
    request.on('information', ({ statusCode }) => {
      arrival.restart();
      if (statusCode === 101) settle(unasked(request));
    });
    // Without this listener Node leaves the probe hanging.
    request.on('upgrade', () => settle(unasked(request)));
    request.once('response', (message) => {
      settle({ status: message.statusCode ?? 0, message, fault: () => fault });
    });
    request.end(hop.body);
    return () => request.destroy();
  });
  const firstByteMs = arrival.firstByteMs(!(outcome instanceof Failure));
  if (firstByteMs !== undefined) timeline.enter('transfer', firstByteMs);
  return outcome;
}

function requestOver(
  socket: Socket,
  { method, url }: Hop,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  return httpRequest({
    method,
    path: `${url.pathname}${url.search}`,
    headers,
    setHost: false,
    createConnection: () => socket,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
}

function unasked(request: ClientRequest): Failure {
  request.destroy();
  return new Failure('protocol_error', 'the peer switched protocols (101) unasked');
}

/** Watches a connection for the first byte of the final response, past any 1xx ones. */
class Arrival {
  #firstMs: number | undefined;
  #latestMs: number | undefined;

  constructor(socket: Socket) {
    socket.prependListener('data', () => {
      this.#latestMs = nowMs();
      this.#firstMs ??= this.#latestMs;
    });
  }

  /** What came so far belonged to a 1xx response. */
  restart(): void {
    this.#firstMs = undefined;
  }

  // A complete head may have come in one piece with the 1xx response before it.
  firstByteMs(headIsComplete: boolean): number | undefined {
    return this.#firstMs ?? (headIsComplete ? this.#latestMs : undefined);
  }
}
