import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SingleFlight } from '../../../src/metrics/single-flight.ts';
import { nextMoment } from '../../support/scrape.ts';

test('single flight: callers at the same time, or in the next turn, get the same; later callers get a new one', async () => {
  let times = 0;
  const shared = new SingleFlight(() => {
    times += 1;
    return Promise.resolve(times);
  });
  assert.deepEqual(await Promise.all([shared.get(), shared.get()]), [1, 1]);
  await nextTurn();
  assert.equal(await shared.get(), 1);
  await nextMoment();
  assert.equal(await shared.get(), 2);
});

test('single flight: a failure is shared as well, and the next caller gets a new attempt', async () => {
  let isBroken = true;
  const shared = new SingleFlight(() =>
    isBroken ? Promise.reject(new Error('it broke')) : Promise.resolve('whole'),
  );
  const outcomes = await Promise.allSettled([shared.get(), shared.get()]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  isBroken = false;
  await nextMoment();
  assert.equal(await shared.get(), 'whole');
});

test('single flight: after forget, only those who asked before get the one in progress', async () => {
  const first = Promise.withResolvers<string>();
  const texts = [first.promise, Promise.resolve('second')];
  const shared = new SingleFlight(() => texts.shift() ?? Promise.resolve('third'));
  const early = shared.get();
  shared.forget();
  const late = shared.get();
  first.resolve('first');
  assert.deepEqual(await Promise.all([early, late]), ['first', 'second']);
  assert.equal(await shared.get(), 'second');
});
