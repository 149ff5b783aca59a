/** How many values a tree holds when every shared part counts at each use; infinite if a part holds itself. */
export function expandedSize(value: unknown, known = new Map<unknown, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const size = known.get(value);
  if (size !== undefined) return size;
  // Met again before its size is known, it is within itself.
  known.set(value, Number.POSITIVE_INFINITY);
  const total = Object.values(value).reduce<number>((sum, part) => sum + expandedSize(part, known), 1);
  known.set(value, total);
  return total;
}
