import { Environment } from '@marcbachmann/cel-js';

/** An expression of `expect.json`, compiled: its value for a parsed body; throws where CEL has no value. */
export type Expression = (body: unknown) => unknown;

let environment: Environment | undefined;

/** Compiles a CEL expression over `body`; throws with CEL's own message if it is not one, or not a condition. */
export function compileExpression(text: string): Expression {
  // Not before it is needed, since it takes 5 ms.
  environment ??= new Environment().registerVariable('body', 'dyn');
  const parsed = environment.parse(text);
  const { valid, type, error } = parsed.check();
  if (!valid) throw error ?? new Error('not a valid expression');
  if (type !== 'bool' && type !== 'dyn') throw new Error(`its value is of type ${type}`);
  return (body) => parsed({ body });
}
