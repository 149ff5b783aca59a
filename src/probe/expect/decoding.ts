import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

type Decoder = (content: Uint8Array, options: { maxOutputLength: number }) => Buffer;

// Content codings by name (RFC 9110, 8.4.1; RFC 7932; RFC 8878).
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflate],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** Decodes the codings of a Content-Encoding field; throws ERR_BUFFER_TOO_LARGE past the limit. */
export function decodeContent(content: Uint8Array, encoding: string, maxBytes: number): Uint8Array {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  return codings
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reduceRight((inner, coding) => decodeCoding(inner, coding, maxBytes), content);
}

function decodeCoding(content: Uint8Array, coding: string, maxOutputLength: number): Uint8Array {
  const decoder = DECODERS.get(coding);
  if (decoder === undefined) throw new Error(`the content coding ${coding} is unknown`);
  return content.length === 0 ? content : decoder(content, { maxOutputLength });
}

// "deflate" means the zlib format, but many servers send the raw format.
function inflate(content: Uint8Array, options: { maxOutputLength: number }): Buffer {
  const isZlib = ((content[0] ?? 0) & 0x0f) === 8;
  return isZlib ? inflateSync(content, options) : inflateRawSync(content, options);
}

/** The text of a body in the charset of its Content-Type, UTF-8 if that is missing or unknown. */
export function textOf(content: Uint8Array, contentType: string): string {
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset).decode(content);
  } catch {
    return new TextDecoder().decode(content);
  }
}
