import { RE2JS } from 're2js';

/** A compiled regular expression: whether it matches somewhere in a text, in time linear to its length. */
export type Matcher = (text: string) => boolean;

/** Compiles a regular expression in the RE2 syntax that Prometheus uses too; throws with RE2's message if it is none. */
export function compilePattern(pattern: string): Matcher {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.test(text);
}
