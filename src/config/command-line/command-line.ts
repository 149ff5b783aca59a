import { urlFault } from '../../target/url.ts';
import { oneLine } from '../fault.ts';
import type { Environment } from '../file/variables.ts';
import { shown } from '../shown.ts';
import { type Arguments, argumentsOf, type Source } from './arguments.ts';
import { FLAGS, type Flag, URL_ARGUMENT } from './flags.ts';
import { DEFAULT_OPTIONS, type Options } from './options.ts';
import { otelSettings } from './otel.ts';

/** The options, or what is wrong with the arguments and variables, one sentence each. */
export type CommandLine = { readonly options: Options } | { readonly faults: readonly string[] };

/** Reads the arguments after the program's name; a flag beats its variable, and an empty variable counts as not set. */
export function parseCommandLine(argv: readonly string[], env: Environment): CommandLine {
  const given = argumentsOf(argv);
  const otel = otelSettings(env);
  const faults: string[] = [...given.faults, ...otel.faults];
  let options: Options = { ...DEFAULT_OPTIONS, urls: urlsOf(given, env, faults), otel: otel.settings };
  for (const flag of FLAGS) {
    const source = sourceOf(flag, given, env);
    if (source === undefined) continue;
    const taken = flag.take(source.text);
    if (typeof taken === 'string') faults.push(`${source.name}: ${shown(source.text)} ${taken}`);
    else options = { ...options, ...taken };
  }
  faults.push(...shardFaults(options, given, env));
  // Whoever asks for help should get it, most of all when something is wrong.
  return faults.length > 0 && !options.help ? { faults: faults.map(oneLine) } : { options };
}

function sourceOf(flag: Flag, given: Arguments, env: Environment): Source | undefined {
  return given.flags.get(flag.name) ?? variable(flag.env, env);
}

function variable(name: string | undefined, env: Environment): Source | undefined {
  const text = name === undefined ? undefined : env[name];
  return name === undefined || !text ? undefined : { name, text };
}

function urlsOf({ urls }: Arguments, env: Environment, faults: string[]): readonly string[] {
  const source = urls.length > 0 ? 'URL' : URL_ARGUMENT.env;
  const texts = urls.length > 0 ? urls : splitTargets(env[URL_ARGUMENT.env] ?? '');
  for (const [index, text] of texts.entries()) {
    const isRepeated = texts.indexOf(text) < index;
    const wrong = urlFault(text) ?? (isRepeated ? 'is given twice (each URL once)' : undefined);
    if (wrong !== undefined) faults.push(`${source}: ${shown(text)} ${wrong}`);
  }
  return texts;
}

// A comma may be part of a URL; one before the next URL, before white space or at the end is not.
function splitTargets(text: string): readonly string[] {
  return text.split(/,?\s+|,(?=http)|,$/).filter((url) => url !== '');
}

function shardFaults({ shard, totalShards }: Options, given: Arguments, env: Environment): readonly string[] {
  if (shard < totalShards) return [];
  const name = given.flags.get('shard')?.name ?? variable('SHARD', env)?.name ?? '--shard';
  return [`${name}: "${shard}" is not below the number of shards (0 to ${totalShards - 1})`];
}
