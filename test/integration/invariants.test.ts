import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult, ResultName } from '../../src/probe/result.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { delayedFront } from '../support/delayed-front.ts';
import { addressRecord, zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { loopNoise } from '../support/loop-noise.ts';
import { probe } from '../support/probe.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { after, drip, rawServer } from '../support/raw-server.ts';
import { secureSite } from '../support/secure-site.ts';
import { type Overrides, target } from '../support/target.ts';

const GRACE_MS = 100;
const noiseMs = loopNoise();

/** Phases are contiguous and none is 0 because it was not entered. */
function sums({ responseMs = Number.NaN, phases }: ProbeResult): void {
  const values = Object.values(phases);
  const sum = values.reduce((total, ms) => total + ms, 0);
  assert.ok(Math.abs(sum - responseMs) <= 0.1, `${JSON.stringify(phases)} and ${responseMs}`);
  for (const ms of values) assert.ok(ms >= 0, JSON.stringify(phases));
}

function redirecting(location: string, delayMs: number): Handler {
  return (_, response) => after(delayMs, response, () => response.writeHead(302, { location }).end());
}

const UP: Overrides = {
  expect: {
    headers: [{ name: 'X-State', pattern: '^fine$', mustMatch: true }],
    body: [{ pattern: 'ok', mustMatch: true }],
    json: ['body.status == "ok"'],
  },
};

const conditions: [what: string, overrides: Overrides, expected: ResultName][] = [
  ['everything as expected', {}, 'success'],
  ['a certificate that is not trusted', { tls: {} }, 'tls_certificate'],
  ['another status', { expect: { ...UP.expect, status: [[201, 201]] } }, 'unexpected_status'],
  [
    'another header',
    { expect: { headers: [{ name: 'X-State', pattern: 'bad', mustMatch: true }] } },
    'unexpected_content',
  ],
  ['another body', { expect: { body: [{ pattern: 'ok', mustMatch: false }] } }, 'unexpected_content'],
  ['other JSON', { expect: { json: ['body.status != "ok"'] } }, 'unexpected_content'],
  ['a body over the limit', { maxBodyBytes: 10 }, 'body_too_large'],
  ['a body after the deadline', { timeoutMs: 2000 }, 'body_timeout'],
];

for (const [what, overrides, expected] of conditions) {
  test(`invariant 1, up only if all holds: ${what} is ${expected}`, async () => {
    await using stack = new AsyncDisposableStack();
    const handler: Handler = (_, response) => {
      response.writeHead(200, { 'x-state': 'fine' }).write('{"status":');
      // Later than the deadline of the one that has its own.
      after(overrides.timeoutMs === undefined ? 0 : 10_000, response, () => response.end('"ok"}'));
    };
    const { server, tls } = stack.use(await secureSite({ handler }));
    const { result, reason } = await probeUntilVerdict(target(server.url(), { ...UP, tls, ...overrides }));
    assert.equal(result, expected, reason);
  });
}

test('invariant 2, one deadline for look-up, TLS, every hop and the last byte', async () => {
  await using stack = new AsyncDisposableStack();
  const dns = stack.use(
    await dnsServer(({ name, type }) =>
      type === 'A' ? { answers: [addressRecord(name, '127.0.0.1')], delayMs: 150 } : {},
    ),
  );
  const last = stack.use(
    await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      drip(socket, 'x'.repeat(1000), 10);
    }),
  );
  const handler = redirecting(last.url(), 150);
  const { server, tls } = stack.use(await secureSite({ handler }));
  const front = stack.use(await delayedFront(server.port, 150));
  const settings = { dnsServers: [dns.address], tls: { ...tls, serverName: 'localhost' }, timeoutMs: 3000 };
  const result = await probeUntilVerdict(target(`https://site.test:${front.port}/`, settings));
  assert.equal(result.result, 'body_timeout', result.reason);
  assert.deepEqual(Object.keys(result.phases), ['dns', 'connect', 'tls', 'wait', 'transfer']);
  const { responseMs = Number.NaN } = result;
  assert.ok(responseMs >= 2900 && responseMs <= 3000 + GRACE_MS + noiseMs(), `${responseMs}`);
  sums(result);
});

test('invariant 3, response_ms is from the look-up to the last byte, over all hops', async () => {
  await using stack = new AsyncDisposableStack();
  const second = stack.use(
    await httpServer((_, response) => {
      response.write('o');
      after(100, response, () => response.end('k'));
    }),
  );
  const first = stack.use(await httpServer(redirecting(second.url(), 100)));
  const calledMs = nowMs();
  const result = await probe(target(first.url()));
  const { responseMs = Number.NaN, startedMs, endedMs } = result;
  assert.ok(responseMs >= 198, `${responseMs}`);
  assert.ok(calledMs <= startedMs && endedMs <= nowMs());
  assert.ok(responseMs <= endedMs - startedMs, 'nothing but the probe is in it');
  assert.ok(endedMs - startedMs - responseMs < 50 + noiseMs(), 'and nothing of the probe is left out');
});

test('invariant 3, response_ms of a failed probe is the time until it failed', async () => {
  await using server = await rawServer((socket) => after(200, socket, () => socket.destroy()));
  const { result, responseMs = Number.NaN } = await probe(target(server.url()));
  assert.equal(result, 'connection_closed');
  assert.ok(responseMs >= 198 && responseMs < 5000, `${responseMs}`);
});

test('invariant 4, phases of a probe with redirects sum over the hops, and are absent if not entered', async () => {
  await using stack = new AsyncDisposableStack();
  const plain = stack.use(await httpServer((_, response) => after(100, response, () => response.end())));
  const handler = redirecting(plain.url(), 100);
  const { server, tls } = stack.use(await secureSite({ handler }));
  const result = await probe(target(server.url(), { tls }));
  assert.deepEqual(Object.keys(result.phases), ['connect', 'tls', 'wait', 'transfer']);
  assert.ok((result.phases.wait ?? 0) >= 198, JSON.stringify(result.phases));
  sums(result);
});

test('invariant 5, a fresh connection and a fresh look-up for every hop of every probe', async () => {
  await using stack = new AsyncDisposableStack();
  const handler: Handler = ({ url }, response) => {
    const step = Number(url.slice(1));
    if (step < 3) response.writeHead(302, { location: `/${step + 1}`, connection: 'keep-alive' }).end();
    else response.writeHead(200, { connection: 'keep-alive' }).end('ok');
  };
  const { server, tls } = stack.use(await secureSite({ handler }));
  const dns = stack.use(await dnsServer(zone({ localhost: ['127.0.0.1'] })));
  const settings = { tls, dnsServers: [dns.address] };
  for (const round of [1, 2]) {
    const { result, redirects } = await probe(target(`https://localhost:${server.port}/0`, settings));
    assert.deepEqual([result, redirects], ['success', 3]);
    assert.equal(server.connections(), 4 * round, 'connections');
    assert.equal(server.requests.length, 4 * round, 'requests');
    assert.equal(dns.queries.length, 2 * 4 * round, 'questions: A and AAAA for each hop');
    assert.deepEqual(new Set(server.handshakes.map(({ resumed }) => resumed)), new Set([false]));
    for (const { headers } of server.requests) assert.equal(headers.connection, 'close');
  }
});

test('invariant 5, a request that fails is never made again', async () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
    await using server = await rawServer((socket) => socket.destroy());
    const { result } = await probe(target(server.url(), { method }));
    assert.equal(result, 'connection_closed');
    assert.deepEqual([server.connections(), server.heads.length], [1, 1], method);
  }
});
