import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { type Listening, type Loopback, listen } from './listen.ts';

/** A request as the server received it. */
export type Received = {
  readonly method: string;
  /** The request target: a path, or a whole URL if the client takes the server for a proxy. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
};

/** Answers a request whose body is complete. */
export type Handler = (request: Received, response: ServerResponse) => void;

/** An HTTP server that remembers what it was asked. */
export type HttpServer = Listening & {
  /** In order of arrival; one whose body is not complete yet has what came of it. */
  readonly requests: readonly Received[];
  url(path?: string): string;
};

/** Answers 200 with the body `ok`. */
export function ok(_request: Received, response: ServerResponse): void {
  response.end('ok');
}

/** Starts an HTTP server on the loopback. */
export async function httpServer(handler: Handler = ok, host?: Loopback): Promise<HttpServer> {
  const requests: Received[] = [];
  const listening = await listen(createServer(recording(requests, handler)), host);
  return { ...listening, requests, url: (path = '/') => `http://${listening.authority}${path}` };
}

/** A listener for a server of node:http or node:https that puts each request into `requests` before it is handled. */
export function recording(requests: Received[], handler: Handler): RequestListener {
  return (request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request;
    const received = { method, url, headers, rawHeaders, body: '' };
    requests.push(received);
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      received.body += chunk;
    });
    request.once('end', () => handler(received, response));
  };
}
