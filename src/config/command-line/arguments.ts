import { parseArgs } from 'node:util';
import { suggest } from '../suggest.ts';
import { FLAGS } from './flags.ts';

/** A text, and the flag or variable it comes from as messages name it. */
export type Source = { readonly name: string; readonly text: string };

/** What stands on the command line. */
export type Arguments = {
  readonly flags: ReadonlyMap<string, Source>;
  readonly urls: readonly string[];
  readonly faults: readonly string[];
};

type Token = NonNullable<ReturnType<typeof tokensOf>>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const BY_NAME = new Map(FLAGS.map((flag) => [flag.name, flag]));

/** Takes the arguments apart; flags with a fault are left out. */
export function argumentsOf(argv: readonly string[]): Arguments {
  const flags = new Map<string, Source>();
  const urls: string[] = [];
  const faults = new Set<string>();
  for (const token of tokensOf(argv) ?? []) {
    if (token.kind === 'positional') urls.push(token.value);
    if (token.kind !== 'option') continue;
    const fault = flagFault(token, argv[token.index] ?? '') ?? repeatedFault(token, flags);
    if (fault === undefined) flags.set(token.name, { name: `--${token.name}`, text: token.value ?? 'true' });
    else faults.add(fault);
  }
  return { flags, urls, faults: [...faults] };
}

function tokensOf(argv: readonly string[]) {
  const options = FLAGS.map(({ name, short, value }) => [
    name,
    {
      type: value === undefined ? ('boolean' as const) : ('string' as const),
      ...(short !== undefined && { short }),
    },
  ]);
  // Its own checks end at the first fault and do not say what is allowed.
  return parseArgs({
    args: [...argv],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function flagFault(token: OptionToken, argument: string): string | undefined {
  const flag = BY_NAME.get(token.name);
  const isGroup = /^-[^-]./.test(argument);
  if (flag === undefined || isGroup) return unknownFlag(argument);
  const { name, value } = flag;
  if (value === undefined) {
    return token.inlineValue ? `--${name} takes no value, but has ${JSON.stringify(token.value)}` : undefined;
  }
  // A flag in its place shows that the value was forgotten.
  const isMissing = !token.value || (!token.inlineValue && token.value.startsWith('--'));
  return isMissing ? `--${name} has no value (--${name}=${value})` : undefined;
}

function unknownFlag(argument: string): string {
  const written = argument.replace(/[=:].*$/s, '');
  const near = suggest(written.replace(/^-+/, ''), BY_NAME.keys());
  return `${written} is not a flag (${near === undefined ? 'see --help' : `did you mean --${near}?`})`;
}

function repeatedFault({ name }: OptionToken, flags: ReadonlyMap<string, Source>): string | undefined {
  return flags.has(name) ? `--${name} is given twice (once at most)` : undefined;
}
