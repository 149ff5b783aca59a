import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Path } from './fault.ts';

/** How far a path leads into a document: the offset of its last part, and the path as it is written there. */
export type Found = { readonly offset: number; readonly path: Path };

/**
 * Finds a path in a document, or as much of it as there is; keys may be written as in `aliases` (by the key that each
 * stands for). A key counts as the place of its value.
 */
export function locate(document: Document, aliases: ReadonlyMap<unknown, string>, path: Path): Found {
  let node = resolved(document.contents, document);
  let offset = node?.range?.[0] ?? 0;
  const written = [...path];
  for (const [depth, segment] of path.entries()) {
    const step =
      stepInto(node, segment, document) ?? stepInto(node, aliases.get(segment) ?? segment, document);
    if (step === undefined) break;
    offset = step.at?.range?.[0] ?? offset;
    written[depth] = step.segment;
    node = resolved(step.to, document);
  }
  return { offset, path: written };
}

type Step = { readonly segment: string | number; readonly at: Node | undefined; readonly to: unknown };

function stepInto(node: Node | undefined, segment: string | number, document: Document): Step | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return isNode(item) ? { segment, at: item, to: item } : undefined;
  }
  const pair = isMap(node) ? findPair(node, String(segment), document) : undefined;
  return pair && { segment, at: isNode(pair.key) ? pair.key : undefined, to: pair.value };
}

function findPair(map: YAMLMap, key: string, document: Document): Pair | undefined {
  const own = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own !== undefined) return own;
  const merged = map.items.filter(isMergePair).flatMap((pair) => mergeSources(pair.value, document));
  for (const source of merged) {
    const pair = isMap(source) ? findPair(source, key, document) : undefined;
    if (pair !== undefined) return pair;
  }
  return undefined;
}

/** Whether a pair of a map is `<<`, which takes in the pairs of other maps. */
export function isMergePair({ key }: Pair): boolean {
  // The library makes its value a symbol, to tell it from a key in quotes.
  return isScalar(key) && typeof key.value === 'symbol';
}

/** What a `<<` takes in: the map, or each of the list. */
export function mergeSources(value: unknown, document: Document): readonly (Node | undefined)[] {
  const source = resolved(value, document);
  return isSeq(source) ? source.items.map((item) => resolved(item, document)) : [source];
}

function resolved(node: unknown, document: Document): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}
