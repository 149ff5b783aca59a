import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

// Below this the header costs about what compression gains.
const MIN_CHARACTERS = 1024;

/** Whether a request's Accept-Encoding takes gzip (RFC 9110, section 12.5.3: `q=0` refuses). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map<string, number>();
  for (const item of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** The text compressed off the event loop, or undefined if it is too short to gain by it. */
export async function gzipped(text: string): Promise<Buffer | undefined> {
  // Level 1: exposition text shrinks to a tenth already, in a third of the time.
  return text.length < MIN_CHARACTERS ? undefined : await compress(text, { level: 1 });
}
