import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** The folder of the chart. */
export const CHART = new URL('../helm/external-url-exporter/', import.meta.url);

/** One key of values.yaml, with the comment above it and the keys below it. */
export type Value = {
  /** Its path, such as `image.tag`. */
  readonly path: string;
  readonly description: string;
  readonly default: unknown;
  /** Empty for everything but maps that list their keys. */
  readonly inner: readonly Value[];
};

/** The keys of the chart's values.yaml in their order; throws if a key without keys below it has no description. */
export function chartValues(text = readFileSync(new URL('values.yaml', CHART), 'utf8')): readonly Value[] {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error('values.yaml is no map');
  return valuesIn(contents, '');
}

function valuesIn(map: YAMLMap, parent: string): readonly Value[] {
  return map.items.map((pair, index) => {
    // The comment above the first key of a map belongs to the map.
    const above = index === 0 ? map.commentBefore : undefined;
    return describedValue(pair, parent, above ?? undefined);
  });
}

function describedValue(pair: Pair, parent: string, above: string | undefined): Value {
  const { key, value } = pair;
  if (!isPair(pair) || !isScalar(key)) throw new Error(`values.yaml: ${parent} has a key that is no text`);
  const path = parent + String(key.value);
  // A blank line separates a comment on a group of keys from the comment on the first of them.
  const description = (key.commentBefore ?? above ?? '').split(/\n\s*\n/).at(-1) ?? '';
  if (description.trim() === '' && !isMap(value)) throw new Error(`values.yaml: ${path} has no comment`);
  return {
    path,
    description: description.replace(/\s*\n\s*/g, ' ').trim(),
    default: isNode(value) ? value.toJSON() : value,
    inner: isMap(value) ? valuesIn(value, `${path}.`) : [],
  };
}
