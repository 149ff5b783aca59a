import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { type AliasTargets, followAlias, isMergePair, mergeSources } from './references.ts';

/**
 * The plain data of a node, in which all aliases of a node are one object. The library's own `toJS` searches a list for
 * each alias, which takes minutes for 50,000 of them.
 */
export function plainValue(node: unknown, targets: AliasTargets): unknown {
  const known = new Map<unknown, unknown>();
  const dataOf = (reference: unknown): unknown => {
    const part = followAlias(reference, targets);
    if (isScalar(part)) return part.value;
    if (known.has(part)) return known.get(part);
    const value = isMap(part) ? mapOf(part) : isSeq(part) ? part.items.map(dataOf) : null;
    known.set(part, value);
    return value;
  };
  const mapOf = (map: YAMLMap): object => {
    const sources = map.items.filter(isMergePair).flatMap(({ value }) => mergeSources(value, targets));
    const own = map.items.filter((pair) => !isMergePair(pair));
    // The last entry of a key stays: its own one, else that of the first source.
    return Object.assign(
      {},
      ...sources.toReversed().map(dataOf),
      Object.fromEntries(
        own.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', dataOf(value)]),
      ),
    );
  };
  return dataOf(node);
}

/** How many values the aliases of a document add when each use counts by itself. */
export function countAliasedValues(contents: unknown, targets: AliasTargets): number {
  const known = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    const parts = isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];
    const size = known.get(node) ?? parts.reduce<number>((sum, part) => sum + sizeWithin(part), 1);
    known.set(node, size);
    return size;
  };
  let added = 0;
  const sizeWithin = (node: unknown): number => {
    if (!isAlias(node)) return sizeOf(node);
    const size = sizeOf(targets.get(node));
    added += size;
    return size;
  };
  sizeWithin(contents);
  return added;
}
