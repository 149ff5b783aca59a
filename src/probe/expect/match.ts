import { compileExpression, type Expression } from '../../target/condition.ts';
import { compilePattern, type Matcher } from '../../target/pattern.ts';
import type { Expectations, Pattern } from '../../target/target.ts';
import { Failure } from '../failure.ts';
import { decodeContent, textOf } from './decoding.ts';

const MAX_REASON = 200;

/** A response to be matched: plain data, since it crosses to the matching thread by copy. */
export type ResponseToMatch = {
  readonly expect: Expectations;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The body as received, if an expectation needs it. */
  readonly content?: Uint8Array;
  /** Most bytes of the body once it is decoded. */
  readonly maxBytes: number;
};

/** Matches a response with what is expected of its header and body; fails at the first that does not hold. */
export function matchResponse(response: ResponseToMatch): Failure | undefined {
  const { headers, body, json } = response.expect;
  const fields = new Map(Object.entries(response.headers));
  const valuesOf = (name: string) => fields.get(name.toLowerCase()) ?? [];
  const header = headers.findIndex(({ name, ...pattern }) => !isMet(pattern, valuesOf(name)));
  if (header !== -1) return failContent(`expect.headers[${header}] does not hold`);
  if (body.length + json.length === 0) return undefined;
  const text = readText(response);
  if (text instanceof Failure) return text;
  const pattern = body.findIndex((candidate) => !isMet(candidate, [text]));
  if (pattern !== -1) return failContent(`expect.body[${pattern}] does not hold`);
  return json.length > 0 ? matchJson(json, text) : undefined;
}

function isMet({ pattern, mustMatch }: Pattern, texts: readonly string[]): boolean {
  return texts.some(matcherOf(pattern)) === mustMatch;
}

function readText({ headers, content = new Uint8Array(), maxBytes }: ResponseToMatch): string | Failure {
  try {
    const encoding = headers['content-encoding']?.join() ?? '';
    return textOf(decodeContent(content, encoding, maxBytes), headers['content-type']?.[0] ?? '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      return new Failure('body_too_large', `the decoded body is larger than ${maxBytes} bytes`);
    }
    return failContent(`the body cannot be decoded: ${messageOf(error)}`);
  }
}

function matchJson(expressions: readonly string[], text: string): Failure | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return failContent('the body is not JSON');
  }
  for (const [place, expression] of expressions.entries()) {
    const why = whyNotTrue(expression, body);
    if (why !== undefined)
      return failContent(`expect.json[${place}] is not true: ${why}`.slice(0, MAX_REASON));
  }
  return undefined;
}

// Nothing of the body is repeated: it may be a token, or what the request sent.
function whyNotTrue(expression: string, body: unknown): string | undefined {
  try {
    const value = expressionOf(expression)(body);
    if (value === true) return undefined;
    return value === false ? 'it is false' : `it is of type ${typeof value}`;
  } catch (error) {
    return withoutValues(messageOf(error));
  }
}

// CEL's messages end with the values concerned, and a drawing of the expression follows; only types are harmless.
function withoutValues(message: string): string {
  const [line = ''] = message.split('\n');
  return line.startsWith('no such overload') ? line : line.replace(/(?<=\w): .*/s, '');
}

function failContent(reason: string): Failure {
  return new Failure('unexpected_content', reason);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const matcherOf = cacheCompiled<Matcher>(compilePattern);
const expressionOf = cacheCompiled<Expression>(compileExpression);

const MAX_CACHED = 10_000;

// Reloads bring new ones for ever.
function cacheCompiled<T>(compile: (text: string) => T): (text: string) => T {
  const cache = new Map<string, T>();
  return (text) => {
    const compiled = cache.get(text) ?? compile(text);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(text, compiled);
    return compiled;
  };
}
