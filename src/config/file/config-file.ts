import { dirname } from 'node:path';
import { readOrFault } from '../../runtime/file-content.ts';
import type { Environment } from '../environment.ts';
import { byPlace, type Fault, type Path, type Problem, shownPath } from '../fault.ts';
import {
  ALIASES,
  type GlobalSettings,
  globalSchema,
  type Settings,
  settingsSchema,
  TARGET_SETTINGS,
} from '../schema/schema.ts';
import { shown } from '../shown.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { type Parsed, parseLayer } from './issues.ts';
import { layersOf } from './layers.ts';
import { withAbsolutePaths } from './paths.ts';
import { isSecretIfWrong } from './secret.ts';
import { variableFiller } from './variables.ts';

/** A target's own settings, as far as they are right. */
export type OwnSettings = Settings & { readonly url?: string | undefined };

/** A config file as parsed: what is right in it, what is wrong, and where that stands. */
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

/** Reads and parses a config file; what makes it unreadable as a whole comes back as faults alone. */
export async function readConfigFile(
  file: string,
  env: Environment,
): Promise<ConfigFile | { readonly faults: readonly Fault[] }> {
  const read = await readOrFault(file);
  if ('fault' in read) return { faults: [{ file, path: '', message: `${read.fault} (a YAML file)` }] };
  const { content } = read;
  const document = readDocument(content, ALIASES);
  if ('faults' in document) return { faults: document.faults.map((fault) => ({ file, path: '', ...fault })) };
  return configFile(file, document, env);
}

function configFile(file: string, { value, locate }: YamlDocument, env: Environment): ConfigFile {
  const folder = dirname(file);
  const layers = layersOf(value);
  const { fill, filled, problems } = variableFiller(env);
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
    faults: (found) => placed(file, locate, filled, found),
  };
}

function placed(
  file: string,
  locate: YamlDocument['locate'],
  filled: ReadonlySet<string>,
  problems: readonly Problem[],
): readonly Fault[] {
  return problems
    .map(({ path, wrong, ...rest }) => {
      const { line, column, path: written } = locate(path);
      const message = isSecretIfWrong(path, filled) ? hiding(path, wrong) : `${shown(rest.value)} ${wrong}`;
      return { file, line, column, path: shownPath(written), message: 'value' in rest ? message : wrong };
    })
    .sort(byPlace);
}

// What compilers say of a pattern or a condition repeats parts of it.
function hiding(path: Path, wrong: string): string {
  const isCompiled = path.some((segment) => ['matches', 'not_matches', 'json'].includes(String(segment)));
  return `the value ${isCompiled ? wrong.replace(/ \(.*/s, '') : wrong}`;
}
