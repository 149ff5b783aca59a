import { urlFault } from '../../target/url.ts';
import type { Environment } from '../environment.ts';
import { oneLine, showValue } from '../fault.ts';
import { type Arguments, type GivenText, parseArguments } from './arguments.ts';
import { FLAGS, URL_ARGUMENT } from './flags.ts';
import { DEFAULT_OPTIONS, type Options } from './options.ts';
import { readOtelSettings } from './otel.ts';

/** The options, or what is wrong with the arguments and variables, one sentence each. */
export type CommandLine = { readonly options: Options } | { readonly faults: readonly string[] };

/** Reads the arguments after the program's name; a flag beats its variable, and an empty variable counts as not set. */
export function parseCommandLine(argv: readonly string[], env: Environment): CommandLine {
  const given = parseArguments(argv);
  const otel = readOtelSettings(env);
  const faults: string[] = [...given.faults, ...otel.faults];
  let options: Options = { ...DEFAULT_OPTIONS, urls: readUrls(given, env, faults), otel: otel.settings };
  for (const flag of FLAGS) {
    const written = given.flags.get(flag.name) ?? readVariable(flag.env, env);
    if (written === undefined) continue;
    const setting = flag.parse(written.text);
    if ('fault' in setting) faults.push(`${written.name}: ${showValue(written.text)} ${setting.fault}`);
    else options = { ...options, ...setting.value };
  }
  faults.push(...shardFaults(options, given, env));
  // Help is printed even if something is wrong: then it is needed most.
  return faults.length > 0 && !options.help ? { faults: faults.map(oneLine) } : { options };
}

function readVariable(name: string | undefined, env: Environment): GivenText | undefined {
  const text = name === undefined ? undefined : env[name];
  return name === undefined || !text ? undefined : { name, text };
}

function readUrls({ urls }: Arguments, env: Environment, faults: string[]): readonly string[] {
  const name = urls.length > 0 ? 'URL' : URL_ARGUMENT.env;
  const texts = urls.length > 0 ? urls : splitTargets(env[URL_ARGUMENT.env] ?? '');
  for (const [index, text] of texts.entries()) {
    const isRepeated = texts.indexOf(text) < index;
    const wrong = urlFault(text) ?? (isRepeated ? 'is given more than once (each URL once)' : undefined);
    if (wrong !== undefined) faults.push(`${name}: ${showValue(text)} ${wrong}`);
  }
  return texts;
}

// A comma may be part of a URL; one before the next URL, before white space or at the end is not.
function splitTargets(text: string): readonly string[] {
  return text.split(/,?\s+|,(?=http)|,$/).filter((url) => url !== '');
}

function shardFaults({ shard, totalShards }: Options, given: Arguments, env: Environment): readonly string[] {
  if (shard < totalShards) return [];
  const name = given.flags.get('shard')?.name ?? readVariable('SHARD', env)?.name ?? '--shard';
  return [`${name}: "${shard}" is not less than the number of shards (0 to ${totalShards - 1})`];
}
