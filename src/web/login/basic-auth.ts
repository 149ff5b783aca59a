import type { FastifyReply, FastifyRequest } from 'fastify';
import { tell } from '../answer.ts';
import { OPEN_PATHS } from '../endpoints.ts';
import type { Logins } from './logins.ts';

const CHALLENGE = 'Basic realm="external-url-exporter", charset="UTF-8"';

/** Answers a request that may not pass; the reply is undefined where it may. */
export async function authenticate(
  logins: Logins,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (!logins.areNeeded || (!request.is404 && OPEN_PATHS.has(request.routeOptions.url))) return undefined;
  const credentials = credentialsOf(request.headers.authorization);
  const address = request.socket.remoteAddress ?? '';
  const verdict = credentials && (await logins.check({ ...credentials, address }));
  if (verdict === 'accepted') return undefined;
  if (verdict === 'busy') {
    return tell(reply.header('retry-after', '1'), 429, 'Too many logins are being checked; try again.');
  }
  return tell(
    reply.header('www-authenticate', CHALLENGE),
    401,
    'A user name and its password are needed here.',
  );
}

/** The user name and password of a Basic Authorization field (RFC 7617), if it is one. */
export function credentialsOf(
  authorization: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const token = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  const text = Buffer.from(token ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
