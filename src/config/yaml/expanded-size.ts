/** How many values a tree without cycles holds when every shared part counts at each use. */
export function expandedSize(value: unknown, known = new Map<object, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = known.get(value);
  if (size === undefined) {
    size = Object.values(value).reduce<number>((sum, part) => sum + expandedSize(part, known), 1);
    known.set(value, size);
  }
  return size;
}
