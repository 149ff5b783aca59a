/** A request without its body. */
export type RequestHead = {
  readonly method: string;
  /** What stands between the method and the version (RFC 9112, 3.2). */
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
};

// Settings and URLs with one are refused long before; this is the last check against a request within a request.
const BREAKS_OUT = /[\r\n\0]/;

/** The head of a request as it is sent, one character for each byte (RFC 9112, 2.1). */
export function requestText({ method, target, headers }: RequestHead): string {
  const parts = [method, target, ...headers];
  if (parts.some((part) => BREAKS_OUT.test(part))) throw new Error('a request holds a line break or a NUL');
  let text = `${method} ${target} HTTP/1.1\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return `${text}\r\n`;
}
