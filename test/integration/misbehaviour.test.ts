import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import type { ProbeResult } from '../../src/probe/result.ts';
import { httpServer } from '../support/http-server.ts';
import { loopNoise } from '../support/loop-noise.ts';
import { type MisbehavingServers, misbehavingServers } from '../support/misbehaving-servers.ts';
import type { Misbehaviour } from '../support/misbehaviour/kind.ts';
import { MISBEHAVIOURS, TIMEOUT_MS } from '../support/misbehaviour.ts';
import { nothingLeaked, type OpenHandles, openHandles } from '../support/open-handles.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { target } from '../support/target.ts';

const GRACE_MS = 100;
const noiseMs = loopNoise();
const MOST_GROWTH = 50 * 1024 * 1024;
// More than hang to their deadline, so that the others pass beside them.
const LANES = 75;
// Nothing that does not lose time on purpose takes this long, even in the crowd.
const QUICK_MS = 1000;
const PHASE_SHARE = 0.8;
const MOST_AGAIN = 3;

describe('misbehaviour: every kind side by side in one process', () => {
  const results = new Map<Misbehaviour, ProbeResult>();
  const repeated = new Set<Misbehaviour>();
  const requests = new Map<Misbehaviour, number | undefined>();
  let servers: MisbehavingServers;
  let open: OpenHandles;
  let residentBytes = 0;
  let running = 0;
  let mostAtOnce = 0;
  let crowdNoiseMs = 0;

  before(async () => {
    servers = await misbehavingServers();
    await warmUp();
    open = openHandles();
    residentBytes = process.memoryUsage.rss();
    const waiting = servers.kinds.values();
    const lanes: Promise<void>[] = [];
    for (let lane = 0; lane < LANES; lane += 1) {
      lanes.push(pass(waiting));
      // Begun in one go, they would wait for each other's first steps.
      await immediate();
    }
    await Promise.all(lanes);
    crowdNoiseMs = noiseMs();
    await Promise.all(servers.kinds.map(probeAgain));
    residentBytes = process.memoryUsage.rss() - residentBytes;
    const counts = await servers.requests();
    for (const [place, kind] of MISBEHAVIOURS.entries()) requests.set(kind, counts[place]);
  });

  /** The crowd delays servers too, and rightly shows where; then the measurement is made again, alone. */
  async function showsItsDelay(kind: Misbehaviour, first: ProbeResult): Promise<void> {
    const alone = servers.kinds.find((one) => one.kind === kind)?.target;
    let result = first;
    for (let again = 0; !isWhereItBelongs(result, kind.expected) && again < MOST_AGAIN; again += 1) {
      assert.ok(alone !== undefined);
      result = await probe(alone);
    }
    const shown = `${JSON.stringify(result.phases)} of ${result.result}`;
    assert.ok(
      isWhereItBelongs(result, kind.expected),
      `the time is to be in ${kind.expected.phase ?? 'none'}: ${shown}`,
    );
  }

  /** Where the crowd took the time that the target or our own loop would have needed, it is probed again without it. */
  async function probeAgain({ kind, target }: MisbehavingServers['kinds'][number]): Promise<void> {
    const result = results.get(kind)?.result ?? 'internal_error';
    const isRight = [kind.expected.result].flat().includes(result);
    if (isRight || !/^internal_error$|_timeout$/.test(result)) return;
    repeated.add(kind);
    results.set(kind, await probeUntilVerdict(target));
  }

  async function pass(waiting: Iterable<MisbehavingServers['kinds'][number]>): Promise<void> {
    for (const { kind, target } of waiting) {
      running += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      results.set(kind, await probe(target));
      running -= 1;
    }
  }

  after(() => servers[Symbol.asyncDispose]());

  for (const kind of MISBEHAVIOURS) {
    const { name, expected } = kind;
    test(`probe: ${name} is ${[expected.result].flat().join(' or ')}`, async () => {
      const result = results.get(kind);
      assert.ok(result !== undefined);
      assert.ok([expected.result].flat().includes(result.result), `${result.result}: ${result.reason}`);
      const seen = requests.get(kind) ?? 0;
      const isRight = repeated.has(kind) || [expected.requests].flat().includes(seen);
      assert.ok(isRight, `${seen} requests, one for each hop`);
      holdsItsTimes(result, GRACE_MS + crowdNoiseMs);
      await showsItsDelay(kind, result);
    });
  }

  test('probe: at least 45 kinds are probed at once', () => {
    assert.ok(mostAtOnce >= 45, `${mostAtOnce} at once`);
  });

  test('probe: no descriptor, socket or timer is left behind', async () => {
    await nothingLeaked(open);
  });

  test('probe: resident memory grows by less than 50 MB', () => {
    assert.ok(residentBytes < MOST_GROWTH, `${Math.round(residentBytes / 1024 / 1024)} MB more`);
  });
});

// What Node sets up with the first probe is not a leak.
async function warmUp(): Promise<void> {
  await using server = await httpServer();
  assert.equal((await probe(target(server.url()))).result, 'success');
  assert.equal((await probe(target(`https://${server.authority}/`))).result, 'tls_error');
}

function holdsItsTimes(
  { responseMs = Number.NaN, phases, startedMs, endedMs }: ProbeResult,
  graceMs: number,
): void {
  const sumMs = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
  const shown = JSON.stringify(phases);
  assert.ok(Math.abs(sumMs - responseMs) <= 0.1, `invariant 4: ${shown} do not sum to ${responseMs}`);
  const tookMs = endedMs - startedMs;
  assert.ok(tookMs <= TIMEOUT_MS + graceMs, `invariant 2: took ${tookMs} ms`);
}

function isWhereItBelongs(
  { responseMs = 0, phases }: ProbeResult,
  { phase }: Misbehaviour['expected'],
): boolean {
  if (phase === undefined) return responseMs < QUICK_MS;
  return (phases[phase] ?? 0) > PHASE_SHARE * responseMs;
}
