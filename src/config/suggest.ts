/** The word of `known` that is most like `word`; undefined if none is similar. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  // A third of the letters may be wrong: beyond that a suggestion misleads more than it helps.
  let smallest = Math.max(1, Math.floor(word.length / 3)) + 1;
  let best: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= smallest) continue;
    const distance = edits(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= smallest) continue;
    smallest = distance;
    best = candidate;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that make `from` into `to`. */
function edits(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const swap = isSwap(from, to, row, column) ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      const replace = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replace, swap));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function isSwap(from: string, to: string, row: number, column: number): boolean {
  return row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
