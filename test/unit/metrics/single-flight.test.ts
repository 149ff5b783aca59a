import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SingleFlight } from '../../../src/metrics/single-flight.ts';
import { nextMoment } from '../../support/scrape.ts';

test('single flight: who asks at once, or in the turn after it was made, gets the same; who comes later a new one', async () => {
  let made = 0;
  const shared = new SingleFlight(() => {
    made += 1;
    return Promise.resolve(made);
  });
  assert.deepEqual(await Promise.all([shared.get(), shared.get()]), [1, 1]);
  await nextTurn();
  assert.equal(await shared.get(), 1);
  await nextMoment();
  assert.equal(await shared.get(), 2);
});

test('single flight: a failure is shared too, and over with it', async () => {
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

test('single flight: what is forgotten while it is made goes to those who asked for it, and to nobody else', async () => {
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
