import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../fault.ts';

/** The node that each alias of a document stands for; undefined for one with no anchor before it, or within its anchor. */
export type Anchored = ReadonlyMap<Alias, Node | undefined>;

/** Finds what the aliases of a document stand for in one walk; the library would walk it anew for each of them. */
export function anchoredNodes(document: Document): Anchored {
  const anchors = new Map<string, Node>();
  const anchored = new Map<Alias, Node | undefined>();
  visit(document, {
    Alias(_, alias, ancestors) {
      const node = anchors.get(alias.source);
      anchored.set(alias, ancestors.some((ancestor) => ancestor === node) ? undefined : node);
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return anchored;
}

/** How far a path leads into a document: the offset of its last part, and the path as it is written there. */
export type Found = { readonly offset: number; readonly path: Path };

/**
 * Finds a path in a document, or as much of it as there is; keys may be written as in `aliases` (by the key that each
 * stands for). A key counts as the place of its value.
 */
export function locate(
  contents: unknown,
  anchored: Anchored,
  aliases: ReadonlyMap<unknown, string>,
  path: Path,
): Found {
  let node = resolved(contents, anchored);
  let offset = node?.range?.[0] ?? 0;
  const written = [...path];
  for (const [depth, segment] of path.entries()) {
    const step =
      stepInto(node, segment, anchored) ?? stepInto(node, aliases.get(segment) ?? segment, anchored);
    if (step === undefined) break;
    offset = step.at?.range?.[0] ?? offset;
    written[depth] = step.segment;
    node = resolved(step.to, anchored);
  }
  return { offset, path: written };
}

type Step = { readonly segment: string | number; readonly at: Node | undefined; readonly to: unknown };

function stepInto(node: Node | undefined, segment: string | number, anchored: Anchored): Step | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return isNode(item) ? { segment, at: item, to: item } : undefined;
  }
  const pair = isMap(node) ? findPair(node, String(segment), anchored) : undefined;
  return pair && { segment, at: isNode(pair.key) ? pair.key : undefined, to: pair.value };
}

function findPair(map: YAMLMap, key: string, anchored: Anchored): Pair | undefined {
  return pairsByKey(map, anchored).get(key);
}

// To look through a map again for each of its faults, or each map that is merged in again and again, would take minutes.
const pairsOf = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsByKey(map: YAMLMap, anchored: Anchored): ReadonlyMap<string, Pair> {
  const known = pairsOf.get(map);
  if (known !== undefined) return known;
  const merged = map.items.filter(isMergePair).flatMap((pair) => mergeSources(pair.value, anchored));
  const found = new Map<string, Pair>();
  for (const source of merged.filter(isMap).toReversed()) {
    for (const [key, pair] of pairsByKey(source, anchored)) found.set(key, pair);
  }
  for (const pair of map.items) if (isScalar(pair.key)) found.set(String(pair.key.value), pair);
  pairsOf.set(map, found);
  return found;
}

/** Whether a pair of a map is `<<`, which takes in the pairs of other maps. */
export function isMergePair({ key }: Pair): boolean {
  // The library makes its value a symbol, to tell it from a key in quotes.
  return isScalar(key) && typeof key.value === 'symbol';
}

/** What a `<<` takes in: the map, or each of the list. */
export function mergeSources(value: unknown, anchored: Anchored): readonly (Node | undefined)[] {
  const source = resolved(value, anchored);
  return isSeq(source) ? source.items.map((item) => resolved(item, anchored)) : [source];
}

function resolved(node: unknown, anchored: Anchored): Node | undefined {
  if (isAlias(node)) return anchored.get(node);
  return isNode(node) ? node : undefined;
}
