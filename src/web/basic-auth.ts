import type { FastifyReply, FastifyRequest } from 'fastify';
import { PATHS_WITHOUT_LOGIN } from './endpoints.ts';
import type { Logins } from './login/logins.ts';
import { respond } from './response.ts';

const CHALLENGE = 'Basic realm="external-url-exporter", charset="UTF-8"';

/** Refuses a request without a valid login where one is required; undefined if the request may go on. */
export async function requireLogin(
  logins: Logins,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const isOpen = !request.is404 && PATHS_WITHOUT_LOGIN.has(request.routeOptions.url);
  if (isOpen || !logins.areRequired) return undefined;
  const credentials = parseBasicAuth(request.headers.authorization);
  const address = request.socket.remoteAddress ?? '';
  const outcome = credentials && (await logins.check({ ...credentials, address }));
  if (outcome === 'accepted') return undefined;
  if (outcome === 'busy') {
    return respond(reply.header('retry-after', '1'), 429, 'Too many logins are being checked. Try again.');
  }
  return respond(
    reply.header('www-authenticate', CHALLENGE),
    401,
    'A user name and a password are required.',
  );
}

/** The user name and password of an Authorization field with Basic credentials (RFC 7617), else undefined. */
export function parseBasicAuth(
  authorization: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const token = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  const text = Buffer.from(token ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
