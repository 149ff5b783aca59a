import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { type Anchored, isMergePair, mergeSources } from './locate.ts';

/**
 * The plain data of a node, in which aliases share what they stand for. The library's own `toJS` looks every alias up
 * in a list: seconds for ten thousand.
 */
export function plainValue(node: unknown, anchored: Anchored, made = new Map<unknown, unknown>()): unknown {
  if (isAlias(node)) return plainValue(anchored.get(node), anchored, made);
  if (isScalar(node)) return node.value;
  if (made.has(node)) return made.get(node);
  const part = (inner: unknown) => plainValue(inner, anchored, made);
  const value = isMap(node) ? plainMap(node, anchored, part) : isSeq(node) ? node.items.map(part) : null;
  made.set(node, value);
  return value;
}

function plainMap(map: YAMLMap, anchored: Anchored, part: (node: unknown) => unknown): object {
  const sources = map.items.filter(isMergePair).flatMap(({ value }) => mergeSources(value, anchored));
  const own = map.items.filter((pair) => !isMergePair(pair));
  // The last entry of a key stays: the own one, else that of the first source.
  return Object.fromEntries([
    ...sources.toReversed().flatMap((source) => Object.entries(Object(part(source)))),
    ...own.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', part(value)]),
  ]);
}
