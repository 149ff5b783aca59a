import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { test } from 'node:test';
import type { ResultName } from '../../src/probe/result.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import type { Target } from '../../src/target/target.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { loopNoise } from '../support/loop-noise.ts';
import { probe } from '../support/probe.ts';
import { target } from '../support/target.ts';

const WELL = { expect: { body: [{ pattern: 'all is well', mustMatch: true }] } };
const HOSTILE: Handler = (_, response) => response.end(JSON.stringify({ text: `${'a'.repeat(50)}!` }));
const CATASTROPHIC = { expect: { json: ['body.text.matches("^(a+)+$")'] } };

const GRACE_MS = 100;
const ROUNDS = 20;

const noiseMs = loopNoise();

/** Probes what cannot be matched in time; on a machine that is too busy, nobody can say why it cannot. */
async function probeSlowContent(hostile: Target) {
  const { result, reason = '', startedMs, endedMs, responseMs = 0 } = await probe(hostile);
  const verdictMs = nowMs();
  if (result === 'internal_error') assert.match(reason, /too busy|too many/);
  else assert.equal(result, 'unexpected_content', reason);
  assert.ok(responseMs <= endedMs - startedMs, 'the time for matching does not count');
  const lateMs = verdictMs - startedMs - hostile.timeoutMs;
  assert.ok(lateMs <= GRACE_MS + noiseMs(), `invariant 2: ${lateMs} ms after the deadline`);
  return { result, matchingMs: verdictMs - endedMs };
}

test('matching: an expectation that would run for ever is unexpected_content within 100 ms', async (context) => {
  await using hostile = await httpServer(HOSTILE);
  const results: ResultName[] = [];
  while (results.length < ROUNDS && !results.slice(3).includes('unexpected_content')) {
    const { result, matchingMs } = await probeSlowContent(target(hostile.url(), CATASTROPHIC));
    assert.ok(matchingMs <= GRACE_MS + noiseMs(), `${matchingMs} ms after the end`);
    results.push(result);
  }
  const [load = 0] = loadavg();
  const isTooBusy = load > 2 * availableParallelism();
  // A thread that gets no processor in its 80 ms looks like a slow one.
  if (isTooBusy && !results.includes('unexpected_content'))
    return context.skip('the machine is too busy to know');
  assert.ok(results.includes('unexpected_content'), results.join());
});

test('matching: targets like that hold up those that are matched beside them once, and never again', async () => {
  await using hostile = await httpServer(HOSTILE);
  await using server = await httpServer((_, response) => response.end('all is well'));
  const attackers = Array.from({ length: 10 }, (_, place) =>
    target(hostile.url(`/${place}`), { ...CATASTROPHIC, timeoutMs: 30_000 }),
  );
  await Promise.all(attackers.map(probeSlowContent));
  const attacks = attackers.map((attacker) => probeSlowContent({ ...attacker, timeoutMs: 2000 }));
  const lateMs: number[] = [];
  // Behind the others each of these would wait for a second; a busy machine does not disturb all of them.
  while (lateMs.length < 5) {
    const { result, endedMs, reason } = await probe(target(server.url(), WELL));
    lateMs.push(nowMs() - endedMs);
    assert.equal(result, 'success', reason);
  }
  assert.ok(Math.min(...lateMs) <= GRACE_MS, `${lateMs} ms after the end`);
  await Promise.all(attacks);
});
