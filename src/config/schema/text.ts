import * as z from 'zod';

/** The message for a value that is no string; YAML reads bare numbers and words as something else. */
export const NOT_TEXT = 'is not a string (put it in quotes)';

/** The message for a value that is no boolean. */
export const NOT_BOOLEAN = 'is not a boolean (true or false)';

/** A string in which `faultOf` finds what is wrong, if anything. */
export function checkedText(faultOf: (text: string) => string | undefined, notText = NOT_TEXT) {
  return z.string({ error: notText }).superRefine((text, context) => {
    const wrong = faultOf(text);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  });
}

/** A path of a file, relative to the folder of the config file. */
export function filePath() {
  return checkedText((text) => (text === '' ? 'is empty (the path of a file)' : undefined));
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  const wrong = `is not a whole number from ${min} to ${max}`;
  return z.int({ error: wrong }).min(min, { error: wrong }).max(max, { error: wrong });
}
