import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Due, Queue } from '../../../src/schedule/queue.ts';

const items = fc.array(fc.record({ dueMs: fc.integer() }));

function drain(queue: Queue<Due>): number[] {
  const order: number[] = [];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) order.push(item.dueMs);
  return order;
}

function inOrder(...lists: Due[][]): number[] {
  return lists
    .flat()
    .map(({ dueMs }) => dueMs)
    .sort((a, b) => a - b);
}

test('queue: what was filled in and what was pushed comes out in the order in which it is due', () => {
  fc.assert(
    fc.property(items, items, (filled, pushed) => {
      const queue = new Queue<Due>();
      queue.refill(filled);
      for (const item of pushed) queue.push(item);
      assert.equal(queue.first?.dueMs, inOrder(filled, pushed)[0]);
      assert.deepEqual(drain(queue), inOrder(filled, pushed));
    }),
  );
});

test('queue: it stays in order while items are taken and put back later, as the poller does', () => {
  fc.assert(
    fc.property(items, fc.array(fc.nat()), (filled, delays) => {
      const queue = new Queue<Due>();
      queue.refill(filled);
      for (const delayMs of delays) {
        const item = queue.pop();
        if (item === undefined) return;
        item.dueMs += delayMs;
        queue.push(item);
      }
      assert.deepEqual(drain(queue), inOrder(filled));
    }),
  );
});

test('queue: a refill takes the place of all there was, and leaves the given list alone', () => {
  const queue = new Queue<Due>();
  queue.push({ dueMs: 1 });
  const list = [{ dueMs: 3 }, { dueMs: 2 }];
  queue.refill(list);
  assert.deepEqual(drain(queue), [2, 3]);
  assert.deepEqual(list, [{ dueMs: 3 }, { dueMs: 2 }]);
  assert.equal(queue.first, undefined);
});
