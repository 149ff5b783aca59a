import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { tell } from './answer.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Answers what no route does, in plain text: 404, 405 with Allow, 413 for any body, 400 and 500. */
export function refuseTheRest(app: FastifyInstance, log: Log): void {
  // Before any body is read: this server takes none.
  app.addHook('onRequest', (request, reply, next) => {
    if (request.is404) notFound(app, request, reply);
    else if (hasBody(request)) tell(reply, 413, 'No request body is taken here.');
    else next();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => failed(error, request, reply, log));
}

function notFound(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  const [url = '/'] = request.url.split('?');
  const allowed = METHODS.filter((method) => app.hasRoute({ method, url }));
  if (allowed.length === 0) {
    tell(reply, 404, 'Not found; / lists what is here.');
    return;
  }
  const list = allowed.join(', ');
  tell(reply.header('allow', list), 405, `${request.method} is not allowed here, only ${list}.`);
}

/** Whether a request brings a body, of whatever length. */
export function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** What fastify could not route, such as a path that is no valid percent-encoding. */
export function badRequest(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  tell(reply, 400, 'The request is malformed.');
}

function failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return tell(reply, status, error.message);
  log.error({ err: error, path: request.url }, 'a request failed');
  return tell(reply, 500, 'This request failed through a fault of the exporter; its log says why.');
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Answers a client that does not speak HTTP, or too slowly, and hangs up. */
export function hangUp(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request';
    const body = `${status.slice(4)}\n`;
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8`;
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
