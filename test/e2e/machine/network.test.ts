import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { exporter } from '../../support/exporter.ts';
import { httpServer, ok } from '../../support/http-server.ts';
import { type End, namespaced, neighbour } from '../../support/namespace.ts';
import { program } from '../../support/program.ts';
import { type Series, seriesAbout, seriesOf } from '../../support/running-app.ts';

const PORT_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const TARGETS = 40;
const SHORT_FOR_MS = 6000;
const PORT = 8000;
const UP = /^sample_external_url_up\{.*\} 1$/;

namespaced('machine: out of local ports, no target is blamed, and all is well again with them', async () => {
  const held: ServerResponse[] = [];
  let isHolding = false;
  await using server = await httpServer((request, response) => {
    if (isHolding) held.push(response);
    else ok(request, response);
  });
  const urls = Array.from({ length: TARGETS }, (_, n) => server.url(`/${n}`));
  await using service = await exporter(['--probe.interval=2s', ...urls]);
  await service.metricsUntil(UP, TARGETS);
  isHolding = true;
  await writeFile(PORT_RANGE, '40000 40011');
  await pause(SHORT_FOR_MS);
  isHolding = false;
  for (const response of held) response.end('ok');
  const counts = countsOf(seriesOf(await service.metricsUntil(UP, TARGETS)));
  // Those that had a port got no answer.
  assert.deepEqual([...counts.keys()].sort(), ['internal_error', 'response_timeout', 'success']);
  assert.match(service.output(), /EADDRNOTAVAIL/);
});

const outages: readonly [what: string, end: End, results: readonly string[]][] = [
  ['its own interface', 'near', ['connect_error']],
  // Nobody says that nobody is there, at first.
  ['the other end of its cable', 'far', ['connect_timeout', 'connect_error']],
];

for (const [what, end, results] of outages) {
  namespaced(
    `machine: with ${what} down what is behind it is down, the rest is not, and up again when it is up`,
    async () => {
      await using other = await neighbour();
      await using _site = await siteAt(other);
      await using local = await httpServer();
      const away = `http://${other.address}:${PORT}/`;
      const settings = ['--probe.interval=2s'];
      await using service = await exporter([...settings, away, local.url()]);
      await service.metricsUntil(UP, 2);
      await other.setLink(end, 'down');
      // Twice at least, without a probe that was under way.
      const down = new RegExp(
        `^sample_external_url_probes_total\\{url="${away}",result="(${results.join('|')})"\\} [2-9]`,
      );
      await service.metricsUntil(down);
      await other.setLink(end, 'up');
      const series = seriesOf(await service.metricsUntil(UP, 2));
      const [ofAway, ofLocal] = [away, local.url()].map((url) => seriesAbout(url, series));
      assert.ok(Number(ofAway?.get('failures_total')) >= 2);
      assert.equal(ofLocal?.get('failures_total'), 0);
      assert.equal(series.get('external_url_exporter_probes_skipped_total'), 0);
      assert.equal(countsOf(series).has('internal_error'), false);
    },
  );
}

/** A server over there. */
async function siteAt({ by: [by = '', ...rest], address }: { by: readonly string[]; address: string }) {
  const script = `require('node:http').createServer((_, response) => response.end('ok'))
    .listen(${PORT}, '${address}', () => console.log('listening'))`;
  const site = program(by, [...rest, process.execPath, '-e', script]);
  await site.says(/listening/);
  return site;
}

/** How often each result was had, over all targets. */
function countsOf(series: Series): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [name, value] of series) {
    const [, result] = /^sample_external_url_probes_total\{.*result="(\w+)"\}$/.exec(name) ?? [];
    if (result !== undefined) counts.set(result, (counts.get(result) ?? 0) + value);
  }
  return counts;
}
