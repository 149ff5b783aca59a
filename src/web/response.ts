import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Responds with a sentence, for people and for scripts. */
export function respond(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${sentence}\n`);
}

/** Responds with a text, or its bytes in UTF-8, compressed if the client accepts that. */
export async function respondWithText(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string | Buffer,
): Promise<FastifyReply> {
  reply.type(type).header('vary', 'Accept-Encoding');
  if (text.length < MIN_LENGTH || !acceptsGzip(request.headers['accept-encoding'])) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(await compressText(text));
}

// Below this the header costs about what compression gains.
const MIN_LENGTH = 1024;

/** Whether a request's Accept-Encoding allows gzip (RFC 9110, section 12.5.3: `q=0` refuses). */
function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map<string, number>();
  for (const item of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

const gzipOffLoop = promisify(gzip);
// By identity: scrapes that share a collection share its compression too.
const compressed = new WeakMap<Buffer, Promise<Buffer>>();

/** Compresses a text off the event loop; the same bytes once. */
export function compressText(text: string | Buffer): Promise<Buffer> {
  const known = typeof text === 'string' ? undefined : compressed.get(text);
  // Level 1: exposition text shrinks to a tenth already, and higher levels take a multiple of its time.
  const bytes = known ?? gzipOffLoop(text, { level: 1 });
  if (typeof text !== 'string') compressed.set(text, bytes);
  return bytes;
}
