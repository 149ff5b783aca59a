import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { checkedText } from './text.ts';

/** The fields that frame a request or its connection: another value would break the request. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Header fields by name, in the syntax of RFC 9110; names ignore case. */
export const headersSchema = z
  .record(checkedText(nameFault), checkedText(valueFault), {
    error: 'is not a map of header names to values',
  })
  .superRefine((headers, context) => {
    const names = new Set<string>();
    for (const name of Object.keys(headers)) {
      const message = 'is given twice (header names ignore case)';
      if (names.has(name.toLowerCase())) context.addIssue({ code: 'custom', path: [name], message });
      names.add(name.toLowerCase());
    }
  });

/** A method, a token of RFC 9110, in capitals. */
export const methodSchema = checkedText((text) => {
  if (!isToken(text)) return 'is not a method (a token of RFC 9110, such as GET, HEAD, POST)';
  return text.toUpperCase() === 'CONNECT' ? 'is not supported (such as GET, HEAD, POST)' : undefined;
}).overwrite((text) => text.toUpperCase());

function nameFault(name: string): string | undefined {
  if (!isToken(name)) return 'is not a header name (a token of RFC 9110, such as Accept-Language)';
  return OWN_FIELDS.has(name.toLowerCase()) ? 'is set by the exporter (it cannot be configured)' : undefined;
}

function valueFault(value: string): string | undefined {
  return doesNotThrow(() => validateHeaderValue('value', value))
    ? undefined
    : 'is not a header value (no line breaks or control characters, Latin-1 only)';
}

function isToken(text: string): boolean {
  return doesNotThrow(() => validateHeaderName(text));
}

function doesNotThrow(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
