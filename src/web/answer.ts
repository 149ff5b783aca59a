import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip, gzipped, type Text } from './gzip.ts';

/** Answers with a sentence, for people and for scripts. */
export function tell(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${sentence}\n`);
}

/** Answers with a text, compressed if the client takes that. */
export async function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: Text,
): Promise<FastifyReply> {
  reply.type(type).header('vary', 'Accept-Encoding');
  const smaller = acceptsGzip(request.headers['accept-encoding']) ? await gzipped(text) : undefined;
  if (smaller === undefined) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(smaller);
}
