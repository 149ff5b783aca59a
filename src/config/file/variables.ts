import type { Environment } from '../environment.ts';
import { type Path, type Problem, pathText } from '../fault.ts';
import type { Entries } from '../yaml/entries.ts';

/** Fills `${NAME}` in with environment variables, and records where. */
export type Filler = {
  /** The same map with every string filled in, `$$` made a dollar; keys stay. */
  readonly fill: (entries: Entries, at: Path) => Entries;
  /** The paths, as texts, whose value came from the environment. */
  readonly filled: ReadonlySet<string>;
  readonly problems: readonly Problem[];
};

export function makeFiller(env: Environment): Filler {
  const filled = new Set<string>();
  const problems: Problem[] = [];
  const fillText = (text: string, path: Path) =>
    text.replace(VARIABLE, (match, name: string | undefined, close: string | undefined) => {
      if (name === undefined) return '$';
      const wrong = variableFault(name, close, env);
      if (wrong === undefined) filled.add(pathText(path));
      else problems.push({ path, wrong });
      return variable(env, name) ?? match;
    });
  const fillPart = (part: unknown, path: Path): unknown => {
    if (Array.isArray(part)) return part.map((item, index) => fillPart(item, [...path, index]));
    if (typeof part === 'object' && part !== null) return fill(part, path);
    return typeof part === 'string' && part.includes('$') ? fillText(part, path) : part;
  };
  const fill = (entries: object, at: Path): Entries =>
    Object.fromEntries(Object.entries(entries).map(([key, part]) => [key, fillPart(part, [...at, key])]));
  return { fill, filled, problems };
}

const VARIABLE = /\$\$|\$\{([^}]*)(\})?/g;

function variableFault(name: string, close: string | undefined, env: Environment): string | undefined {
  if (close === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
    return 'has $' + '{ without a name and } (such as $' + '{TOKEN}; $$ for a dollar sign)';
  }
  // An empty secret is most often a mistake.
  if (variable(env, name)) return undefined;
  return `uses the environment variable ${name}, which is not set or is empty ($$ for a dollar sign)`;
}

// An object of variables also has names such as `constructor`.
function variable(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** A text that fills in as itself. */
export function escapeVariables(text: string): string {
  return text.replaceAll('$', '$$$$');
}
