import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { zone } from '../../support/dns-reply.ts';
import { dnsServer } from '../../support/dns-server.ts';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { httpServer, ok } from '../../support/http-server.ts';
import { withDescriptors } from '../../support/machine.ts';
import { run } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../support/out-of-descriptors.ts', import.meta.url));
// It has some 30 when idle.
const DESCRIPTORS = 40;
const GREEDY = 30;
const FEW = 6;
const SHORT_FOR_MS = 8000;
const SETTINGS = { interval: '2s', concurrency: 1000 };
const UP = /^sample_external_url_up\{.*\} 1$/;

test('machine: out of descriptors, no target is blamed, everything is reported, and all is well again with them', async () => {
  const held: ServerResponse[] = [];
  let isShort = false;
  await using server = await httpServer((request, response) => {
    if (request.url === '/oauth2') response.end('{"access_token":"a","expires_in":0}');
    else if (isShort && request.url.startsWith('/greedy')) held.push(response);
    else ok(request, response);
  });
  await using dns = await dnsServer(zone({ 'a.test': ['127.0.0.1'] }));
  await using folder = await tempFolder();
  const password = await folder.write('password', 'secret');
  const oauth2 = { client_id: 'a', client_secret: 'b', token_url: server.url('/oauth2') };
  const targets = [
    ...several(GREEDY, (n) => ({ url: server.url(`/greedy/${n}`) })),
    // What needs a descriptor for something else as well.
    ...several(FEW, (n) => ({ url: `http://a.test:${server.port}/named/${n}`, dns_servers: [dns.address] })),
    ...several(FEW, (n) => ({
      url: server.url(`/secret/${n}`),
      basic_auth: { username: 'u', password_file: password },
    })),
    ...several(FEW, (n) => ({ url: server.url(`/token/${n}`), oauth2 })),
  ];
  const config = await folder.write('config.yml', JSON.stringify({ ...SETTINGS, targets }));
  await using service = await exporter([`--config.file=${config}`], {}, withDescriptors(DESCRIPTORS));
  await service.metricsUntil(UP, targets.length);
  isShort = true;
  await scrapeFor(service, SHORT_FOR_MS);
  isShort = false;
  for (const response of held) response.end('ok');
  await service.metricsUntil(UP, targets.length);
  const counts = countsByKind(await service.metrics());
  // Of those that had descriptors the server kept some waiting.
  const { greedy: { response_timeout: waited = 0, ...greedy } = {}, ...others } = counts;
  for (const [kind, results] of Object.entries({ greedy, ...others })) {
    assert.deepEqual(Object.keys(results).sort(), ['internal_error', 'success'], kind);
    assert.ok(Number(results.internal_error) > 0, `${kind} had descriptors all the time`);
  }
  assert.ok(waited > 0);
});

test('machine: what could not be read for lack of a descriptor is read once there is one', async () => {
  await using folder = await tempFolder();
  const file = await folder.write('file', 'content');
  const [by = '', ...rest] = withDescriptors(DESCRIPTORS);
  const { exitCode, output } = await run(by, [...rest, process.execPath, SCRIPT, file]);
  assert.equal(exitCode, 0, output);
  assert.deepEqual(
    output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { systemFile: 'EMFILE', secret: 'internal_error', isMemoryKnown: false },
      { systemFile: 'content', secret: 'content', isMemoryKnown: true },
    ],
  );
});

function several<T>(count: number, make: (n: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

/** Each answer has to be 200. */
async function scrapeFor(service: Exporter, durationMs: number): Promise<void> {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    await service.metrics();
    await pause(50);
  }
}

type Counts = Record<string, Record<string, number>>;

/** Results of all targets, by the first part of their paths. */
function countsByKind(text: string): Counts {
  const counts: Counts = {};
  const series = /^sample_external_url_probes_total\{url="http:\/\/[^/]+\/(\w+)\/.*result="(\w+)"\} (\d+)$/gm;
  for (const [, kind = '', result = '', count] of text.matchAll(series)) {
    const ofKind = counts[kind] ?? {};
    counts[kind] = { ...ofKind, [result]: (ofKind[result] ?? 0) + Number(count) };
  }
  return counts;
}
