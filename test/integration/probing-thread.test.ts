import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nowMs } from '../../src/runtime/clock.ts';
import type { ResultsMessage } from '../../src/schedule/messages.ts';
import { ProbingThread } from '../../src/schedule/probing-thread.ts';
import { httpServer } from '../support/http-server.ts';
import { nothingLeaked, openHandles } from '../support/open-handles.ts';
import { target } from '../support/target.ts';
import { until } from '../support/until.ts';

function entry(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

function startThread(from?: URL) {
  const batches: ResultsMessage[] = [];
  const faults: Error[] = [];
  const thread = new ProbingThread({
    onBatch: (batch) => batches.push(batch),
    onFault: (fault) => faults.push(fault),
    ...(from !== undefined && { entry: from }),
  });
  return {
    thread,
    batches,
    faults,
    results: () => batches.flatMap(({ results }) => results),
    [Symbol.asyncDispose]: () => thread.stop(),
  };
}

test('probing thread: targets that go to the thread come back as results, one per interval', async () => {
  await using up = await httpServer();
  await using down = await httpServer((_request, response) => response.writeHead(503).end());
  await using run = startThread();
  const settings = { intervalMs: 200, timeoutMs: 180 };
  const [one, two] = [target(up.url(), settings), target(down.url(), settings)];
  run.thread.setTargets([one, two], 10);
  await until(() => run.results().length >= 8, 'there are 8 results');
  for (const { key, result, statusCode } of run.results()) {
    const expected = key === one.key ? ['success', 200] : ['unexpected_status', 503];
    assert.deepEqual([result, statusCode], expected);
  }
  const last = run.results().at(-1);
  assert.ok(last !== undefined && Math.abs(nowMs() - last.endedMs) < 5000, 'the clocks of the threads agree');
  run.thread.setTargets([two], 10);
  await until(() => run.batches.at(-1)?.results.some(({ key }) => key === two.key) === true, 'two goes on');
  const asked = up.requests.length;
  const before = run.batches.length;
  await until(() => run.batches.length >= before + 5, 'two was probed five times more');
  assert.ok(up.requests.length <= asked + 1, 'a removed target is not probed any more');
  assert.deepEqual(run.faults, []);
});

test('probing thread: without anything to probe the thread still gives a sign of life each second', async () => {
  await using run = startThread();
  const startMs = nowMs();
  await until(() => run.batches.length >= 2, 'there are two batches');
  const { thread, sentMs, ...rest } = run.batches[0] ?? assert.fail();
  assert.deepEqual(rest, {
    results: [],
    probingSinceMs: undefined,
    inFlight: 0,
    skipped: 0,
    lagMs: 0,
    warnings: [],
  });
  assert.ok(thread.heapUsedBytes > 1_000_000, `${thread.heapUsedBytes} bytes`);
  assert.ok(sentMs > startMs && run.thread.lastBatchMs >= sentMs);
});

test('probing thread: a hanging server is a result by its deadline, and stopping does not wait for it', async () => {
  await using server = await httpServer(() => undefined);
  await using run = startThread();
  // Else its second probe might begin just now.
  const hangs = target(server.url(), { timeoutMs: 100, intervalMs: 24 * 3_600_000 });
  const hangsLong = target(server.url('/long'), { timeoutMs: 9000 });
  run.thread.setTargets([hangs, hangsLong], 10);
  await until(() => run.results().length > 0, 'there is a result');
  assert.deepEqual(
    run.results().map(({ key, result }) => [key, result]),
    [[hangs.key, 'response_timeout']],
  );
  assert.equal(run.batches.at(-1)?.inFlight, 1);
  const startMs = nowMs();
  await run.thread.stop();
  assert.ok(nowMs() - startMs < 2000);
  await until(() => server.openConnections() === 0, 'the thread has let go of its connections');
});

test('probing thread: a thread that fails is reported and started again with the targets', async () => {
  await using run = startThread(
    entry(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ targets }) => {
        parentPort.postMessage({ results: targets.map(({ key }) => ({ key })) });
        setImmediate(() => { throw new Error('a bug'); });
      });
    `),
  );
  const one = target('http://one/');
  run.thread.setTargets([one], 10);
  const startMs = nowMs();
  await until(() => run.results().length >= 2, 'the second thread has the targets');
  assert.ok(nowMs() - startMs < 3000, 'it is back after about a second');
  assert.deepEqual(
    run.results().map(({ key }) => key),
    [one.key, one.key],
  );
  const [failed, ended] = run.faults;
  assert.equal(failed?.message, 'the probing thread failed');
  assert.ok(failed?.cause instanceof Error && failed.cause.message === 'a bug');
  assert.equal(ended?.message, 'the probing thread ended with code 1, starting it again');
});

test('probing thread: stopped while it waits to start the thread again, it stays stopped', async () => {
  const before = openHandles();
  await using run = startThread(entry('process.exit(3);'));
  await until(() => run.faults.length > 0, 'the thread has ended');
  assert.match(run.faults[0]?.message ?? '', /ended with code 3/);
  await run.thread.stop();
  await nothingLeaked(before);
  assert.equal(run.faults.length, 1);
});
