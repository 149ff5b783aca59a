import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { respond } from './response.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Responds to what no route handles, in plain text: 404, 405 with Allow, 413 for any body, 400 and 500. */
export function addRefusals(app: FastifyInstance, log: Log): void {
  // Before any body is read: this server accepts none.
  app.addHook('onRequest', (request, reply, next) => {
    if (request.is404) refuseUnknown(app, request, reply);
    else if (hasBody(request)) respond(reply, 413, 'A request body is not allowed here.');
    else next();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => reportError(error, request, reply, log));
}

function refuseUnknown(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  const [url = '/'] = request.url.split('?');
  const allowed = METHODS.filter((method) => app.hasRoute({ method, url }));
  if (allowed.length === 0) {
    respond(reply, 404, 'Not found. The status page is at /.');
    return;
  }
  const list = allowed.join(', ');
  respond(reply.header('allow', list), 405, `${request.method} is not allowed here, only ${list}.`);
}

/** Whether a request has a body, of any length. */
export function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Responds to a request that fastify cannot route, such as one with an invalid percent-encoding in its path. */
export function refuseMalformed(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  respond(reply, 400, 'The request is malformed.');
}

function reportError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return respond(reply, status, error.message);
  log.error({ err: error, path: request.url }, 'a request failed');
  return respond(reply, 500, 'The request failed because of an error in the exporter. Its log says why.');
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Responds to a client that does not speak HTTP or is too slow, and closes the connection. */
export function closeWithError(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request';
    const body = `${status.slice(4)}\n`;
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8`;
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
