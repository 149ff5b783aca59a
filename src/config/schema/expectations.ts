import * as z from 'zod';
import { compileExpression } from '../../target/condition.ts';
import { compilePattern } from '../../target/pattern.ts';
import { statusCodec } from './codec.ts';
import { checkedText } from './text.ts';

const patternText = checkedText((text) =>
  compileFault(text, compilePattern, 'is not a regular expression of RE2'),
);

/** `matches` or `not_matches`, one of the two. */
const patternShape = {
  matches: patternText.optional(),
  not_matches: patternText.optional(),
};

type PatternShape = { readonly matches?: string | undefined; readonly not_matches?: string | undefined };

const bodyPattern = z
  .strictObject(patternShape, { error: 'is not a map with matches or not_matches' })
  .superRefine(oneOfThem);

const headerPattern = z
  .strictObject(
    {
      name: checkedText((name) => (name === '' ? 'is empty (the name of a header)' : undefined)),
      ...patternShape,
    },
    { error: 'is not a map with name and matches or not_matches' },
  )
  .superRefine(oneOfThem);

const expression = checkedText((text) =>
  compileFault(text, compileExpression, 'is not a CEL condition over body'),
);

/** `expect`: what a response must be for its target to be up. */
export const expectSchema = z
  .strictObject(
    {
      status: z
        .array(statusCodec, { error: 'is not a list of statuses (such as [200, 2xx, 300-302])' })
        .min(1, { error: 'is empty (at least one status)' })
        .describe('final statuses that are up: codes, classes, ranges, such as `[200, 2xx, 300-302]`'),
      headers: z
        .array(headerPattern, { error: 'is not a list of {name, matches | not_matches}' })
        .describe('list of `{name, matches}` or `{name, not_matches}`, regular expressions in RE2 syntax'),
      body: z
        .array(bodyPattern, { error: 'is not a list of {matches | not_matches}' })
        .describe('list of `{matches}` or `{not_matches}`, on the decoded text'),
      json: z
        .array(expression, { error: 'is not a list of CEL conditions (such as \'body.status == "ok"\')' })
        .describe('list of CEL conditions on the parsed `body`, all must be true: `body.status == "ok"`'),
    },
    { error: 'is not a map of expectations' },
  )
  .partial();

function oneOfThem({ matches, not_matches }: PatternShape, context: z.RefinementCtx): void {
  if ((matches === undefined) === (not_matches === undefined)) {
    context.addIssue({ code: 'custom', message: 'needs matches or not_matches (one of the two)' });
  }
}

function compileFault(text: string, compile: (text: string) => unknown, wrong: string): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `${wrong} (${why})`;
  }
}
