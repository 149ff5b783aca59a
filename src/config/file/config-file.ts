import { dirname } from 'node:path';
import type { Environment } from '../environment.ts';
import type { Fault, Path, Problem } from '../fault.ts';
import {
  ALIASES,
  type GlobalSettings,
  globalSchema,
  type Settings,
  settingsSchema,
  TARGET_SETTINGS,
} from '../schema/schema.ts';
import { readYaml, type YamlFile } from '../yaml/file.ts';
import { type Parsed, parseLayer } from './layer-parser.ts';
import { layersOf } from './layers.ts';
import { withAbsolutePaths } from './paths.ts';
import { isSecretIfWrong } from './secret.ts';
import { makeFiller } from './variables.ts';

/** A target's own settings, as far as they are valid. */
export type OwnSettings = Settings & { readonly url?: string | undefined };

/** A config file as parsed: its valid part, and what is wrong with the rest. */
export type ConfigFile = {
  readonly global: Parsed<GlobalSettings>;
  /** Undefined if the file names no targets; an item that is no target is undefined too. */
  readonly targets: readonly (Parsed<OwnSettings> | undefined)[] | undefined;
  /** The paths, as texts, whose value `${NAME}` made. */
  readonly filled: ReadonlySet<string>;
  /** What is wrong besides the settings themselves. */
  readonly problems: readonly Problem[];
  /** Problems as faults at their places. */
  readonly faults: (problems: readonly Problem[]) => readonly Fault[];
};

const looseTargetSchema = settingsSchema.extend({ url: TARGET_SETTINGS.url.optional() });

/** Reads and parses a config file; one that is unreadable as a whole has faults alone. */
export async function readConfigFile(
  file: string,
  env: Environment,
): Promise<ConfigFile | { readonly faults: readonly Fault[] }> {
  const read = await readYaml(file, ALIASES);
  return 'faults' in read ? read : parseConfigFile(read, dirname(file), env);
}

function parseConfigFile(read: YamlFile, folder: string, env: Environment): ConfigFile {
  const layers = layersOf(read.value);
  const { fill, filled, problems } = makeFiller(env);
  const global = parseLayer(globalSchema, fill(layers.global, []), []);
  const targets = layers.targets?.map((layer, index) => {
    if (layer === undefined) return undefined;
    const at = ['targets', index];
    const { value, problems } = parseLayer<OwnSettings>(looseTargetSchema, fill(layer, at), at);
    return { value: withAbsolutePaths(value, folder), problems };
  });
  return {
    global: { ...global, value: withAbsolutePaths(global.value, folder) },
    targets,
    filled,
    problems: [...layers.problems, ...problems],
    faults: (found) => read.faultsOf(found, ({ path, wrong }) => hiddenMessage(path, wrong, filled)),
  };
}

function hiddenMessage(path: Path, wrong: string, filled: ReadonlySet<string>): string | undefined {
  if (!isSecretIfWrong(path, filled)) return undefined;
  // What compilers say of a pattern or a condition repeats parts of it.
  const isCompiled = path.some((segment) => ['matches', 'not_matches', 'json'].includes(String(segment)));
  return `the value ${isCompiled ? wrong.replace(/ \(.*/s, '') : wrong}`;
}
