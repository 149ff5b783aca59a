import { compileExpression, type Expression } from '../../target/condition.ts';
import { compilePattern, type Matcher } from '../../target/pattern.ts';
import type { Expectations, Pattern } from '../../target/target.ts';
import type { ResultName } from '../result.ts';
import { decoded, textOf } from './decoding.ts';

const MOST_TOLD = 200;

/** A response to be judged: plain data, since it crosses to the judging thread by copy. */
export type Case = {
  readonly expect: Expectations;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The body as received, if an expectation needs it. */
  readonly content?: Uint8Array;
  /** Most bytes of the body once it is decoded. */
  readonly maxBytes: number;
};

/** Why a response is not as expected. */
export type Objection = { readonly result: ResultName; readonly reason: string };

/** The first expectation of headers and body that a response does not meet, if there is one. */
export function objection(response: Case): Objection | undefined {
  const { headers, body, json } = response.expect;
  const fields = new Map(Object.entries(response.headers));
  const valuesOf = (name: string) => fields.get(name.toLowerCase()) ?? [];
  const header = headers.findIndex(({ name, ...pattern }) => !holds(pattern, valuesOf(name)));
  if (header !== -1) return unexpected(`expect.headers[${header}] does not hold`);
  if (body.length + json.length === 0) return undefined;
  const text = bodyText(response);
  if (typeof text !== 'string') return text;
  const pattern = body.findIndex((candidate) => !holds(candidate, [text]));
  if (pattern !== -1) return unexpected(`expect.body[${pattern}] does not hold`);
  return json.length > 0 ? jsonObjection(json, text) : undefined;
}

function holds({ pattern, mustMatch }: Pattern, texts: readonly string[]): boolean {
  return texts.some(matcher(pattern)) === mustMatch;
}

function bodyText({ headers, content = new Uint8Array(), maxBytes }: Case): string | Objection {
  try {
    const encoding = headers['content-encoding']?.join() ?? '';
    return textOf(decoded(content, encoding, maxBytes), headers['content-type']?.[0] ?? '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      return {
        result: 'body_too_large',
        reason: `the body is larger than ${maxBytes} bytes once it is decoded`,
      };
    }
    return unexpected(`the body cannot be decoded: ${messageOf(error)}`);
  }
}

function jsonObjection(expressions: readonly string[], text: string): Objection | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return unexpected('the body is not JSON');
  }
  for (const [place, expression] of expressions.entries()) {
    const why = whyNotTrue(expression, body);
    if (why !== undefined) return unexpected(`expect.json[${place}] is not true: ${why}`.slice(0, MOST_TOLD));
  }
  return undefined;
}

// Of what the body says nothing is repeated: it may be a token, or what the request sent.
function whyNotTrue(expression: string, body: unknown): string | undefined {
  try {
    const value = evaluator(expression)(body);
    if (value === true) return undefined;
    return value === false ? 'it is false' : `it is of type ${typeof value}`;
  } catch (error) {
    return withoutValues(messageOf(error));
  }
}

// CEL's messages end with what they are about, and go on with a drawing of the expression; types alone are harmless.
function withoutValues(message: string): string {
  const [line = ''] = message.split('\n');
  return line.startsWith('no such overload') ? line : line.replace(/(?<=\w): .*/s, '');
}

function unexpected(reason: string): Objection {
  return { result: 'unexpected_content', reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const matcher = remembered<Matcher>(compilePattern);
const evaluator = remembered<Expression>(compileExpression);

const MOST_REMEMBERED = 10_000;

// Reloads bring new ones for ever.
function remembered<T>(compile: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const compiled = known.get(text) ?? compile(text);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(text, compiled);
    return compiled;
  };
}
