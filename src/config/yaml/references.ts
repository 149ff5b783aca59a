import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** The node that each alias of a document stands for. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

/** Something wrong at an offset of the text. */
export type OffsetFault = { readonly offset: number; readonly message: string };

const MERGE_NEEDS = '<< needs a map, an alias of a map, or a list of these';
const MERGE_OF_MERGE = '<< cannot take a map that has << itself (list all of its sources)';
const NO_ANCHOR = 'an alias needs an anchor of its name before it (put a text that begins with * in quotes)';

/** What the aliases of a document stand for, and what is wrong with its aliases, keys and merges. */
export class References {
  readonly targets = new Map<Alias, Node>();
  readonly faults: OffsetFault[] = [];
  readonly #anchors = new Map<string, Node>();
  /** The nodes with an anchor around the one that is looked at. */
  readonly #open = new Set<Node>();

  constructor(contents: unknown) {
    this.#walk(contents);
  }

  #walk(node: unknown): void {
    if (isAlias(node)) this.#resolve(node);
    if (!isScalar(node) && !isCollection(node)) return;
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
      this.#open.add(node);
    }
    if (isSeq(node)) for (const item of node.items) this.#walk(item);
    if (isMap(node)) this.#walkMap(node);
    this.#open.delete(node);
  }

  #resolve(alias: Alias): void {
    const node = this.#anchors.get(alias.source);
    // An alias within its own anchor would never end.
    if (node === undefined || this.#open.has(node)) this.#fail(alias, NO_ANCHOR);
    else this.targets.set(alias, node);
  }

  // The library compares each key with all before it: seconds for 10,000 of them; and 1 and "1" are the same to us.
  #walkMap({ items }: YAMLMap): void {
    const known = new Set<string | symbol>();
    for (const { key, value } of items) {
      this.#walk(key);
      this.#walk(value);
      if (!isScalar(key)) {
        this.#fail(key, 'a key must be plain text');
        continue;
      }
      const name = typeof key.value === 'symbol' ? MERGE : String(key.value);
      if (known.has(name)) this.#fail(key, 'a key must be unique in its map');
      if (name === '__proto__') this.#fail(key, '__proto__ cannot be a key');
      if (name === MERGE) this.#checkMerge(key, value);
      known.add(name);
    }
  }

  #checkMerge(key: Node, value: unknown): void {
    const sources = mergeSources(value, this.targets);
    if (!sources.every(isMap)) this.#fail(key, MERGE_NEEDS);
    else if (sources.some(({ items }) => items.some(isMergePair))) this.#fail(key, MERGE_OF_MERGE);
  }

  #fail(node: unknown, message: string): void {
    this.faults.push({ offset: (isNode(node) && node.range?.[0]) || 0, message });
  }
}

const MERGE = Symbol('<<');

/** Whether a pair of a map is `<<`, which takes in the pairs of other maps. */
export function isMergePair({ key }: Pair): boolean {
  // The library makes its value a symbol, which a key in quotes is not.
  return isScalar(key) && typeof key.value === 'symbol';
}

/** What a `<<` takes in: the map, or each of the list. */
export function mergeSources(value: unknown, targets: AliasTargets): readonly (Node | undefined)[] {
  const source = followAlias(value, targets);
  return isSeq(source) ? source.items.map((item) => followAlias(item, targets)) : [source];
}

/** The node itself, or what it is an alias of. */
export function followAlias(node: unknown, targets: AliasTargets): Node | undefined {
  if (isAlias(node)) return targets.get(node);
  return isNode(node) ? node : undefined;
}
