import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PhaseName, ProbeResult } from '../../../src/probe/result.ts';
import type { Target } from '../../../src/target/target.ts';
import { delayedFront } from '../../support/delayed-front.ts';
import { addressRecord, type DnsHandler } from '../../support/dns-reply.ts';
import { dnsServer } from '../../support/dns-server.ts';
import { httpServer } from '../../support/http-server.ts';
import { probe } from '../../support/probe.ts';
import { proxyServer } from '../../support/proxy-server.ts';
import { after, rawServer } from '../../support/raw-server.ts';
import { secureSite } from '../../support/secure-site.ts';
import { target } from '../../support/target.ts';

const DELAY_MS = 300;
const TOLERANCE_MS = 20;
// A busy machine disturbs a measurement, but not every one of so many.
const ATTEMPTS = 20;

/** Starts what delays a probe by 300 ms; all that is put on the stack ends with the test. */
type Delayed = (stack: AsyncDisposableStack) => Promise<Target>;

const lateName: DnsHandler = ({ name, type }) =>
  type === 'A' ? { answers: [addressRecord(name, '127.0.0.1')], delayMs: DELAY_MS } : {};

async function lateLookup(stack: AsyncDisposableStack): Promise<Target> {
  const server = stack.use(await httpServer());
  const dns = stack.use(await dnsServer(lateName));
  return target(`http://site.test:${server.port}/`, { dnsServers: [dns.address] });
}

async function lateTunnel(stack: AsyncDisposableStack): Promise<Target> {
  const { tls, server } = stack.use(await secureSite());
  const proxy = stack.use(await proxyServer());
  const front = stack.use(await delayedFront(proxy.port, DELAY_MS));
  return target(server.url(), { tls, proxy: { https: `http://${front.authority}`, noProxy: [] } });
}

async function lateHandshake(stack: AsyncDisposableStack): Promise<Target> {
  const { tls, server } = stack.use(await secureSite());
  const front = stack.use(await delayedFront(server.port, DELAY_MS));
  return target(`https://${front.authority}/`, { tls });
}

async function lateFirstByte(stack: AsyncDisposableStack): Promise<Target> {
  const server = stack.use(
    await httpServer((_, response) => after(DELAY_MS, response, () => response.end('ok'))),
  );
  return target(server.url());
}

function sentLate(first: string, rest: string): Delayed {
  return async (stack) => {
    const server = stack.use(
      await rawServer((socket) => {
        socket.write(first);
        after(DELAY_MS, socket, () => socket.end(rest));
      }),
    );
    return target(server.url());
  };
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';

const delays: [where: string, phase: PhaseName, entered: readonly PhaseName[], delayed: Delayed][] = [
  ['the look-up', 'dns', ['dns', 'connect', 'wait', 'transfer'], lateLookup],
  ['the answer of a proxy to CONNECT', 'connect', ['connect', 'tls', 'wait', 'transfer'], lateTunnel],
  ['the TLS handshake', 'tls', ['connect', 'tls', 'wait', 'transfer'], lateHandshake],
  ['the first byte', 'wait', ['connect', 'wait', 'transfer'], lateFirstByte],
  [
    'the first byte after an interim response',
    'wait',
    ['connect', 'wait', 'transfer'],
    sentLate(HINTS, `${HEAD}hello`),
  ],
  [
    'the header',
    'transfer',
    ['connect', 'wait', 'transfer'],
    sentLate(HEAD.slice(0, 20), `${HEAD.slice(20)}hello`),
  ],
  ['the body', 'transfer', ['connect', 'wait', 'transfer'], sentLate(`${HEAD}h`, 'ello')],
];

before(async () => {
  // The first probe of a process takes 20 ms more.
  await using stack = new AsyncDisposableStack();
  const { tls, server } = stack.use(await secureSite());
  await probe(target(server.url(), { tls }));
});

for (const [where, phase, entered, delayed] of delays) {
  test(`phases: a delay of 300 ms in ${where} shows in ${phase}, and nowhere else`, async () => {
    await using stack = new AsyncDisposableStack();
    const late = await delayed(stack);
    const disturbed: string[] = [];
    while (disturbed.length < ATTEMPTS) {
      const result = await probe(late);
      holds(result, phase, entered);
      if (isExact(result, phase)) return;
      disturbed.push(JSON.stringify(result.phases));
    }
    assert.fail(`more than ${TOLERANCE_MS} ms off each time: ${disturbed.join('\n')}`);
  });
}

// What is true of every measurement, however busy the machine.
function holds(
  { result, reason, phases }: ProbeResult,
  phase: PhaseName,
  entered: readonly PhaseName[],
): void {
  assert.equal(result, 'success', reason);
  assert.deepEqual(Object.keys(phases), entered);
  // Timers of Node may fire a millisecond early.
  assert.ok((phases[phase] ?? 0) >= DELAY_MS - TOLERANCE_MS, JSON.stringify(phases));
}

function isExact({ phases }: ProbeResult, late: PhaseName): boolean {
  return Object.entries(phases).every(
    ([phase, ms]) => Math.abs(ms - (phase === late ? DELAY_MS : 0)) <= TOLERANCE_MS,
  );
}
