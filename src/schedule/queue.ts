/** Anything that is due at some time, in milliseconds. */
export type Due = { dueMs: number };

/** What is due next: a binary heap; an item's `dueMs` may change only while it is out of the queue. */
export class Queue<T extends Due> {
  #heap: T[] = [];

  /** The item that is due first. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  /** Replaces all items, in linear time. */
  refill(items: readonly T[]): void {
    this.#heap = items.slice();
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  push(item: T): void {
    let index = this.#heap.push(item) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (this.#dueAt(above) <= item.dueMs) break;
      this.#swap(index, above);
      index = above;
    }
  }

  /** Takes out the item that is due first. */
  pop(): T | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    this.#sink(0);
    return first;
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const below = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      if (this.#dueAt(below) >= this.#dueAt(index)) return;
      this.#swap(index, below);
      index = below;
    }
  }

  #dueAt(index: number): number {
    return this.#heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [itemA, itemB] = [this.#heap[a], this.#heap[b]];
    if (itemA === undefined || itemB === undefined) return;
    this.#heap[a] = itemB;
    this.#heap[b] = itemA;
  }
}
