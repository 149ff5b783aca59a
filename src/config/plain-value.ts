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
  const own = new Map<string, unknown>();
  const merged = new Map<string, unknown>();
  for (const pair of map.items) {
    if (isScalar(pair.key) && !isMergePair(pair)) own.set(String(pair.key.value), part(pair.value));
    if (!isMergePair(pair)) continue;
    for (const source of mergeSources(pair.value, anchored)) {
      // What was merged first stays.
      for (const [key, value] of Object.entries(Object(part(source)))) {
        if (!merged.has(key)) merged.set(key, value);
      }
    }
  }
  return Object.fromEntries([...merged, ...own]);
}
