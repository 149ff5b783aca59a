import { isUtf8 } from 'node:buffer';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Path } from '../fault.ts';
import { findLocation } from './location.ts';
import { countAliasedValues, plainValue } from './plain-value.ts';
import { type OffsetFault, References } from './references.ts';

/** A place in a text, counted from 1. */
type Position = { readonly line: number; readonly column: number };

/** Something that makes a text invalid as YAML. */
export type SyntaxFault = Position & { readonly message: string };

/** The value of a YAML text, and where each part of it stands. */
export type YamlDocument = {
  readonly value: unknown;
  /** The position of a path, or of as much of it as there is, and the path as it is written there. */
  readonly locate: (path: Path) => Position & { readonly path: Path };
};

const MAX_ALIASED_VALUES = 1_000_000;

/** Parses a YAML text; `spellings` are other names of keys, by the key that they stand for. */
export function parseYaml(
  bytes: Buffer,
  spellings: ReadonlyMap<unknown, string>,
): YamlDocument | { readonly faults: readonly SyntaxFault[] } {
  if (!isUtf8(bytes)) return { faults: [fault({ line: 1, column: 1 }, 'the file is not UTF-8 text')] };
  const lineCounter = new LineCounter();
  const position = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const options = {
    lineCounter,
    prettyErrors: false,
    merge: true,
    // Tags beyond plain data would make values that no setting takes.
    resolveKnownTags: false,
    uniqueKeys: false,
  } as const;
  const document = parseDocument(bytes.toString('utf8'), options);
  const { contents } = document;
  const { targets, faults } = new References(contents);
  const wrong = [...syntaxFaults(document), ...faults];
  if (wrong.length === 0 && countAliasedValues(contents, targets) > MAX_ALIASED_VALUES) {
    wrong.push({ offset: 0, message: `its aliases expand to more than ${MAX_ALIASED_VALUES} values` });
  }
  if (wrong.length > 0)
    return { faults: wrong.map(({ offset, message }) => fault(position(offset), message)) };
  return {
    value: plainValue(contents, targets),
    locate: (path) => {
      const found = findLocation(contents, targets, spellings, path);
      return { ...position(found.offset), path: found.path };
    },
  };
}

function fault(position: Position, message: string): SyntaxFault {
  return { ...position, message: `not valid YAML: ${message}` };
}

function syntaxFaults({ errors, warnings }: Document.Parsed): readonly OffsetFault[] {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  // All that follows results from it.
  if (exhausted !== undefined) return [{ offset: exhausted.pos[0], message: 'nested too deeply' }];
  return [...errors, ...warnings].map(({ pos, code, message }) => ({
    offset: pos[0],
    message: withoutText(code, message),
  }));
}

// The library repeats pieces of the text, which are those of a secret where one lacks its quotes.
function withoutText(code: string, message: string): string {
  if (code === 'TAG_RESOLVE_FAILED') return 'there is no such tag (put a text that begins with ! in quotes)';
  return message.replace(/(?<=\w): .*|(?<=^Invalid escape sequence|^Unknown directive) .*/s, '');
}
