import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnections, requestFor } from '../../support/attackers.ts';
import { exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';

test('attack: SIGTERM ends the service with 0 while clients hold on to it in every way', async () => {
  await using target = await httpServer();
  await using service = await exporter(['--probe.interval=2s', target.url()]);
  await service.metricsUntil(/^sample_external_url_up{.*} 1/);
  const port = Number(service.authority.split(':')[1]);
  using attackers = await openConnections(port, 300);
  const zipped = requestFor('/', { 'Accept-Encoding': 'gzip' });
  const ways = ['', 'GET /met', requestFor('/metrics'), zipped.repeat(10), zipped.repeat(100)];
  for (const [index, socket] of attackers.sockets.entries()) {
    socket.pause().write(ways[index % ways.length] ?? '');
  }
  assert.equal((await fetch(service.url('/metrics'))).status, 200);
  service.signal('SIGTERM');
  assert.equal(await service.end(), 0);
  assert.doesNotMatch(service.output(), /could not stop in time|uncaughtException|unhandledRejection/);
});
