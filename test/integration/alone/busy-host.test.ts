import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { median, quantile } from '../../bench/statistics.ts';
import { attempts } from '../../support/attempts.ts';
import { exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';
import { program } from '../../support/program.ts';

const TARGETS = 100;
const REQUESTS = 100;
const EVERY_MS = 50;
const AT_P99_MS = 200;

const BARE_SERVER = `
  const server = require('node:http').createServer((_request, response) => response.end('ok'));
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
`;

/** Programs that keep every core busy. */
async function keepBusy(): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for (let core = 0; core < availableParallelism(); core += 1) {
    stack.use(program(process.execPath, ['-e', 'for (;;);']));
  }
  return stack.move();
}

async function timeOf(url: string): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(url);
  await response.text();
  assert.equal(response.status, 200, url);
  return performance.now() - startMs;
}

/** Asks each of these again and again, one after the other. */
async function timesOf<Name extends string>(urls: Readonly<Record<Name, string>>) {
  const times: [name: string, ms: number][] = [];
  for (let round = 0; round < REQUESTS; round += 1) {
    for (const [name, url] of Object.entries<string>(urls)) times.push([name, await timeOf(url)]);
    await pause(EVERY_MS);
  }
  return (of: Name) => times.filter(([name]) => name === of).map(([, ms]) => ms);
}

test('busy host: beside one busy loop per core, scrapes and /-/healthy answer within 200 ms at p99', (t) =>
  attempts(async () => {
    await using server = await httpServer();
    await using _loops = await keepBusy();
    await using bare = program(process.execPath, ['-e', BARE_SERVER]);
    const [control = ''] = await bare.says(/http:\S+/);
    const urls = Array.from({ length: TARGETS }, (_, n) => server.url(`/${n}`));
    await using service = await exporter(['--probe.interval=1s', ...urls]);
    await service.metricsUntil(/^sample_external_url_up\{.*\} 1$/, TARGETS);
    const times = await timesOf({
      scrape: service.url('/metrics'),
      healthy: service.url('/-/healthy'),
      control,
    });
    // A machine with other work makes a bare server slow as well.
    const slack = 10 * quantile(times('control'), 0.99);
    for (const name of ['scrape', 'healthy'] as const) {
      const p99 = quantile(times(name), 0.99);
      t.diagnostic(`${name}: median ${median(times(name))} ms, p99 ${p99} ms`);
      assert.ok(p99 < AT_P99_MS + slack, `${name}: ${p99} ms at p99, with a slack of ${slack}`);
    }
    t.diagnostic(`control: median ${median(times('control'))} ms, p99 ${slack / 10} ms`);
  }));

test('busy host: it is not ready before there is a result', async () => {
  await using server = await httpServer();
  await using _loops = await keepBusy();
  const urls = Array.from({ length: TARGETS }, (_, n) => server.url(`/${n}`));
  const settings = ['--probe.interval=1s', '--probe.timeout=100ms'];
  await using service = await exporter([...settings, ...urls]);
  while ((await fetch(service.url('/-/ready'))).status !== 200) await pause(5);
  assert.match(await service.metrics(), /^sample_external_url_last_probe_timestamp_seconds\{/m);
});
