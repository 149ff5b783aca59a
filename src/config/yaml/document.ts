import { isUtf8 } from 'node:buffer';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../fault.ts';
import { expandedSize } from './expanded-size.ts';
import { type Anchored, anchoredNodes, isMergePair, locate, mergeSources } from './locate.ts';
import { plainValue } from './plain-value.ts';

/** A place in a text, counted from 1. */
type Position = { readonly line: number; readonly column: number };

/** Something that makes a text no usable YAML. */
export type SyntaxFault = Position & { readonly message: string };

/** The value of a YAML text, and where each part of it stands. */
export type YamlDocument = {
  readonly value: unknown;
  /** The position of a path, or of as much of it as there is, and the path as it is written there. */
  readonly locate: (path: Path) => Position & { readonly path: Path };
};

const MAX_VALUES = 1_000_000;

/** Reads a YAML text; `aliases` are other spellings of keys, by the key that they stand for. */
export function readDocument(
  bytes: Buffer,
  aliases: ReadonlyMap<unknown, string>,
): YamlDocument | { readonly faults: readonly SyntaxFault[] } {
  if (!isUtf8(bytes)) return { faults: [fault(START, 'the file is not UTF-8 text')] };
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
    // The library compares each key with all before it: 8 s for 40,000; and 1 and "1" are the same to us.
    uniqueKeys: false,
  } as const;
  const document = parseDocument(bytes.toString('utf8'), options);
  const anchored = anchoredNodes(document);
  const wrong = [...syntaxFaults(document), ...nodeFaults(document, anchored)];
  if (wrong.length > 0) return { faults: wrong.map(([offset, text]) => fault(position(offset), text)) };

  const value = plainValue(document.contents, anchored);
  if (expandedSize(value) > MAX_VALUES) {
    return {
      faults: [fault(START, `aliases make more than ${MAX_VALUES} values of it`)],
    };
  }
  return {
    value,
    locate: (path) => {
      const found = locate(document.contents, anchored, aliases, path);
      return { ...position(found.offset), path: found.path };
    },
  };
}

const START: Position = { line: 1, column: 1 };

function fault(position: Position, message: string): SyntaxFault {
  return { ...position, message: `not usable YAML: ${message}` };
}

type OffsetFault = readonly [offset: number, message: string];

function syntaxFaults({ errors, warnings }: Document.Parsed): readonly OffsetFault[] {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  // What follows is only its echo.
  if (exhausted !== undefined) return [[exhausted.pos[0], 'nested too deeply']];
  return [...errors, ...warnings].map(({ pos, code, message }) => [pos[0], withoutText(code, message)]);
}

// The library repeats pieces of the text, which are those of a secret where one lacks its quotes.
function withoutText(code: string, message: string): string {
  if (code === 'TAG_RESOLVE_FAILED')
    return 'there is no such tag (a text that begins with ! goes into quotes)';
  return message.replace(/(?<=\w): .*|(?<=^Invalid escape sequence|^Unknown directive) .*/s, '');
}

function nodeFaults(document: Document.Parsed, anchored: Anchored): readonly OffsetFault[] {
  const faults: OffsetFault[] = [];
  visit(document, {
    Alias(_, alias) {
      if (anchored.get(alias) !== undefined) return;
      faults.push([
        alias.range?.[0] ?? 0,
        'no anchor of its name ends before this alias (a text that begins with * goes into quotes)',
      ]);
    },
    Map(_, map) {
      for (const offset of repeatedKeys(map)) faults.push([offset, 'Map keys must be unique']);
    },
    Pair(_, pair) {
      const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
      if (!isScalar(pair.key)) faults.push([offset, 'a key must be plain text']);
      else if (pair.key.value === '__proto__') faults.push([offset, '__proto__ cannot be a key']);
      else if (isMergePair(pair) && !mergeSources(pair.value, anchored).every(isMap)) {
        faults.push([offset, '<< takes a map, an alias of one, or a list of them']);
      }
    },
  });
  return faults;
}

function repeatedKeys({ items }: YAMLMap): readonly number[] {
  const known = new Set<string | symbol>();
  return items.flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    const key = isMergePair(pair) ? MERGE : String(pair.key.value);
    const isRepeated = known.has(key);
    known.add(key);
    return isRepeated ? [pair.key.range?.[0] ?? 0] : [];
  });
}

const MERGE = Symbol('<<');
