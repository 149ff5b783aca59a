import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
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

// A second of the watch ends each second; a block that spans this is the hard case.
for (const beginAfterMs of [1005, 1500, 1995]) {
  test(`thread: a loop that stands still ${beginAfterMs} ms after the start is seen, about as long as it was`, async (t) => {
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

/** A watch that counts as idle after a second of quiet. */
async function idleDelay(t: TestContext): Promise<LoopDelay> {
  const delay = new LoopDelay(1);
  t.after(() => delay.stop());
  for (let looks = 0; !delay.isIdle; looks += 1) {
    assert.ok(looks < 60, 'the loop never became idle');
    await pause(500);
  }
  delay.take();
  return delay;
}

/** Blocks the loop for each of these times, with 100 ms in between, and gives the delay that is found afterwards. */
async function delayAfter(delay: LoopDelay, blocksMs: readonly number[]): Promise<number> {
  for (const ms of blocksMs) {
    await pause(100);
    standStill(ms);
  }
  await until(() => delay.isIdle === false, 'the loop is busy again');
  // The timer that shows the last block is the next to fire.
  await pause(200);
  return delay.take();
}

test('loop delay: work that is announced is not taken for one block, even in an idle loop', async (t) => {
  const delay = await idleDelay(t);
  delay.wake();
  const longestMs = await delayAfter(delay, [100, 100, 100]);
  assert.ok(longestMs > 50 && longestMs < 250, `${longestMs} ms: the longest block, not all three`);
});

test('loop delay: a block of an idle loop is seen, and those after it are separate', async (t) => {
  const delay = await idleDelay(t);
  const firstMs = await delayAfter(delay, [400]);
  assert.ok(firstMs >= 390 && firstMs < 2000, `${firstMs} ms`);
  const nextMs = await delayAfter(delay, [150, 150]);
  assert.ok(nextMs > 100 && nextMs < 280, `${nextMs} ms: the longer block, not both`);
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
