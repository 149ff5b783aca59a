import { readOrFault } from '../../runtime/file-content.ts';
import { byPlace, type Fault, type Problem, showPath, showValue } from '../fault.ts';
import { parseYaml } from './document.ts';

/** A YAML file as it was read. */
export type YamlFile = {
  readonly content: Buffer;
  readonly value: unknown;
  /** Problems as faults at their places, the first 100; `hide` gives the message in place of one that shows a secret. */
  readonly faultsOf: (problems: readonly Problem[], hide?: Hide) => readonly Fault[];
};

/** The message of a problem whose value is a secret; undefined if its value may be shown. */
type Hide = (problem: Problem) => string | undefined;

/** A file that is missing, or no YAML; its content where it has one. */
export type InvalidYaml = { readonly content?: Buffer; readonly faults: readonly Fault[] };

const MAX_FAULTS = 100;
const NO_SPELLINGS: ReadonlyMap<unknown, string> = new Map();

/** Reads a YAML file; `spellings` are other names of keys, by the key that they stand for. */
export async function readYaml(file: string, spellings = NO_SPELLINGS): Promise<YamlFile | InvalidYaml> {
  const read = await readOrFault(file);
  if ('fault' in read) return { faults: [{ file, path: '', message: `${read.fault} (a YAML file)` }] };
  const { content } = read;
  const document = parseYaml(content, spellings);
  if ('faults' in document) {
    const faults = document.faults.map((fault) => ({ file, path: '', ...fault }));
    return { content, faults: firstFaults(file, faults, (fault) => fault) };
  }
  const { value, locate } = document;
  const place = (problem: Problem, hide?: Hide): Fault => {
    const { line, column, path } = locate(problem.path);
    return { file, line, column, path: showPath(path), message: messageOf(problem, hide) };
  };
  return {
    content,
    value,
    faultsOf: (problems, hide) => firstFaults(file, problems, (problem) => place(problem, hide)),
  };
}

function firstFaults<T>(file: string, found: readonly T[], faultOf: (one: T) => Fault): readonly Fault[] {
  const faults = found.slice(0, MAX_FAULTS).map(faultOf).sort(byPlace);
  const left = found.length - faults.length;
  const more = { ...faults.at(-1), file, path: '', message: `there are ${left} more faults` };
  return left > 0 ? [...faults, more] : faults;
}

function messageOf(problem: Problem, hide?: Hide): string {
  if (!('value' in problem)) return problem.wrong;
  return hide?.(problem) ?? `${showValue(problem.value)} ${problem.wrong}`;
}
