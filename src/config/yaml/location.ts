import { isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../fault.ts';
import { type AliasTargets, followAlias, isMergePair, mergeSources } from './references.ts';

/** How far a path leads into a document: the offset of its last part, and the path as it is written there. */
export type Location = { readonly offset: number; readonly path: Path };

/**
 * Finds a path in a document, or as much of it as there is; keys may be written as in `spellings` (by the key that each
 * stands for). A key counts as the place of its value.
 */
export function findLocation(
  contents: unknown,
  targets: AliasTargets,
  spellings: ReadonlyMap<unknown, string>,
  path: Path,
): Location {
  let node = followAlias(contents, targets);
  let offset = node?.range?.[0] ?? 0;
  const written = [...path];
  for (const [depth, segment] of path.entries()) {
    const step =
      stepInto(node, segment, targets) ?? stepInto(node, spellings.get(segment) ?? segment, targets);
    if (step === undefined) break;
    offset = step.at?.range?.[0] ?? offset;
    written[depth] = step.segment;
    node = followAlias(step.to, targets);
  }
  return { offset, path: written };
}

type Step = { readonly segment: string | number; readonly at: Node | undefined; readonly to: unknown };

function stepInto(node: Node | undefined, segment: string | number, targets: AliasTargets): Step | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return isNode(item) ? { segment, at: item, to: item } : undefined;
  }
  const pair = isMap(node) ? findPair(node, String(segment), targets) : undefined;
  return pair && { segment, at: isNode(pair.key) ? pair.key : undefined, to: pair.value };
}

function findPair(map: YAMLMap, key: string, targets: AliasTargets): Pair | undefined {
  const own = findOwnPair(map, key);
  if (own !== undefined) return own;
  const sources = map.items.filter(isMergePair).flatMap(({ value }) => mergeSources(value, targets));
  for (const source of sources) {
    const pair = isMap(source) ? findOwnPair(source, key) : undefined;
    if (pair !== undefined) return pair;
  }
  return undefined;
}

function findOwnPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}
