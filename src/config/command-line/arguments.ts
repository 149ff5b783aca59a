import { parseArgs } from 'node:util';
import { suggest } from '../suggest.ts';
import { FLAGS } from './flags.ts';

/** A text, and the flag or variable that it comes from, as messages name it. */
export type GivenText = { readonly name: string; readonly text: string };

/** What stands on the command line. */
export type Arguments = {
  readonly flags: ReadonlyMap<string, GivenText>;
  readonly urls: readonly string[];
  readonly faults: readonly string[];
};

type Token = NonNullable<ReturnType<typeof tokensOf>>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const BY_NAME = new Map(FLAGS.map((flag) => [flag.name, flag]));

/** Reads the arguments; flags with a fault are left out. */
export function parseArguments(argv: readonly string[]): Arguments {
  const flags = new Map<string, GivenText>();
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
  // In strict mode it stops at the first fault and does not say what is allowed.
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
    return token.inlineValue
      ? `--${name} takes no value, but has the value ${JSON.stringify(token.value)}`
      : undefined;
  }
  // If another flag follows, the value was forgotten.
  const isMissing = !token.value || (!token.inlineValue && token.value.startsWith('--'));
  return isMissing ? `--${name} has no value (--${name}=${value})` : undefined;
}

function unknownFlag(argument: string): string {
  const name = argument.replace(/[=:].*$/s, '');
  const near = suggest(name.replace(/^-+/, ''), BY_NAME.keys());
  return `${name} is not a known flag (${near === undefined ? 'see --help' : `did you mean --${near}?`})`;
}

function repeatedFault({ name }: OptionToken, flags: ReadonlyMap<string, GivenText>): string | undefined {
  return flags.has(name) ? `--${name} is given more than once (at most once)` : undefined;
}
