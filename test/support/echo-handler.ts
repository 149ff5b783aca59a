import type { ServerResponse } from 'node:http';
import type { Handler, Received } from './http-server.ts';

/** Answers with all that it was sent, wherever an answer has room for it. */
export function echoHandler(locations: Readonly<Record<string, string>> = {}): Handler {
  return (request, response) => {
    const { pathname } = new URL(request.url, 'http://any.test');
    const location = locations[pathname];
    if (pathname === '/garbled') garbled(request, response);
    else if (location !== undefined) respond(request, response, 302, { location });
    else if (pathname === '/zipped') respond(request, response, 200, { 'content-encoding': 'gzip' });
    else respond(request, response, pathname.startsWith('/fail') ? 500 : 200);
  };
}

function respond(
  request: Received,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { authorization } = request.headers;
  response.statusMessage = `Not for ${authorization}`;
  response.writeHead(status, {
    'set-cookie': `session=${authorization}`,
    'x-echo': lineOf(request),
    ...headers,
  });
  response.end(JSON.stringify(request));
}

function garbled(request: Received, response: ServerResponse): void {
  response.socket?.end(`HTTP/1.1 ${lineOf(request)}\r\n${lineOf(request)}\r\n\r\n`);
}

function lineOf(request: Received): string {
  return JSON.stringify(request).replace(/[^\x20-\x7e]/g, '?');
}
