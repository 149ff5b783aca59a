import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopDelay } from '../../../src/runtime/loop-delay.ts';
import { type ThreadFigures, ThreadWatch } from '../../../src/runtime/thread-watch.ts';
import { until } from '../../support/until.ts';

async function figuresOnce(
  watch: ThreadWatch,
  condition: (figures: ThreadFigures) => boolean,
): Promise<ThreadFigures> {
  let figures = watch.take();
  await until(() => {
    if (!condition(figures)) figures = watch.take();
    return condition(figures);
  }, 'the figures are as awaited');
  return figures;
}

function standStill(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

// A sample is taken each second; what spans it is the hard case.
for (const beginAfterMs of [1005, 1500, 1995]) {
  test(`thread: a loop that stands still ${beginAfterMs} ms after the start is told, about as long as it was`, async (t) => {
    const watch = new ThreadWatch();
    t.after(() => watch.stop());
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        standStill(400);
        resolve();
      }, beginAfterMs);
    });
    const { loopDelayMs } = await figuresOnce(watch, (figures) => figures.loopDelayMs > 300);
    // A machine that is busy may add to it.
    assert.ok(loopDelayMs < 2000, `${loopDelayMs} ms`);
  });
}

test('loop delay: work that is announced is not taken for one piece, even after a rest', async (t) => {
  const delay = new LoopDelay();
  t.after(() => delay.stop());
  for (let samples = 0; samples < 60; samples += 1) delay.sample(0);
  delay.wake();
  await new Promise<void>((resolve) => {
    for (let piece = 1; piece <= 3; piece += 1) setTimeout(() => standStill(100), piece * 200);
    // Time is what is measured here: the last piece has to be over, and some ticks of the monitors after it.
    setTimeout(resolve, 1000);
  });
  const longestMs = Math.max(delay.sample(2000), delay.sample(2000));
  assert.ok(longestMs > 50 && longestMs < 200, `${longestMs} ms: the longest piece, not all three`);
});

test('loop delay: a loop at rest is watched without timers, and is told of all the same when it stands still', async (t) => {
  const delay = new LoopDelay();
  t.after(() => delay.stop());
  // As after a minute of quiet.
  for (let samples = 0; samples < 60; samples += 1) delay.sample(0);
  const rested = performance.now();
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      standStill(400);
      resolve();
    }, 100);
  });
  // The first work after a rest is taken for one piece.
  const firstMs = delay.sample(performance.now() - rested);
  assert.ok(firstMs >= 390 && firstMs < 2000, `${firstMs} ms`);
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      for (let piece = 0; piece < 2; piece += 1) setTimeout(() => standStill(150), piece * 200);
      // As above.
      setTimeout(resolve, 800);
    }, 100);
  });
  const watchedMs = Math.max(delay.sample(2000), delay.sample(2000));
  assert.ok(watchedMs > 100 && watchedMs < 280, `${watchedMs} ms: the longer piece, not both`);
});

test('thread: garbage collection takes time, and the heap is in use', async (t) => {
  const watch = new ThreadWatch();
  t.after(() => watch.stop());
  let kept: unknown[] = [];
  for (let index = 0; index < 2_000_000; index += 1) {
    kept.push({ index });
    if (kept.length > 100_000) kept = [];
  }
  const { gcMs, heapUsedBytes } = await figuresOnce(watch, (figures) => figures.gcMs > 0);
  assert.ok(gcMs < 10_000);
  assert.ok(heapUsedBytes > 1_000_000);
});
