import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { WebServer } from '../../../src/web/server.ts';
import { recordingLog } from '../../support/log.ts';
import { rawConnection } from '../../support/raw-client.ts';
import { responseTo, startWeb } from '../../support/running-web.ts';
import { event } from '../../support/until.ts';
import { webOptions } from '../../support/web-options.ts';

const METRICS = 'sample_external_url_up{url="https://httpstat.us/503"} 0\n';

const OPTIONS = webOptions({ scrape: async () => METRICS });

test('web: close answers the scrape in flight and ends, with idle connections open', async (t) => {
  const begun = Promise.withResolvers<void>();
  const collected = Promise.withResolvers<string>();
  const { web, url } = await startWeb(t, {
    scrape: () => {
      begun.resolve();
      return collected.promise;
    },
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  await text(await responseTo(get(`${url}/-/ready`, { agent })));
  const inFlight = responseTo(get(`${url}/metrics`, { agent: new Agent({ keepAlive: true }) }));
  await begun.promise;
  const closed = web.close(60_000);
  collected.resolve(METRICS);
  const response = await inFlight;
  assert.equal(response.headers.connection, 'close');
  assert.equal(await text(response), METRICS);
  await closed;
  await assert.rejects(fetch(`${url}/metrics`));
});

test('web: close ends within its bound when a scrape never does, or a request is never complete', async (t) => {
  const begun = Promise.withResolvers<void>();
  const { web, port } = await startWeb(t, {
    scrape: () => {
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const half = await rawConnection(port);
  half.write('GET /metrics HTTP/1.1\r\nHost:');
  const hanging = await rawConnection(port);
  hanging.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await begun.promise;
  const ended = Promise.all([half, hanging].map((socket) => event(socket.resume(), 'close')));
  await web.close(50);
  await ended;
});

test('web: a busy port is one clear sentence with the address', async (t) => {
  const { port } = await startWeb(t);
  const second = new WebServer(OPTIONS, recordingLog());
  await assert.rejects(second.listen({ host: '127.0.0.1', port }), {
    message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
  });
  await second.close();
});

test('web: an address that this machine has not is one clear sentence', async () => {
  const web = new WebServer(OPTIONS, recordingLog());
  await assert.rejects(web.listen({ host: '192.0.2.1', port: 0 }), {
    message: 'cannot listen on 192.0.2.1:0: no interface of this machine has that address',
  });
  await web.close();
});

test('web: no host means every interface, IPv6 too where there is any', async (t) => {
  const web = new WebServer(OPTIONS, recordingLog());
  t.after(() => web.close());
  const { host, port } = await web.listen({ host: '', port: 0 });
  assert.equal(host, (await hasIpv6()) ? '::' : '0.0.0.0');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), METRICS);
  if (host === '::') assert.equal((await fetch(`http://[::1]:${port}/metrics`)).status, 200);
});

function hasIpv6(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => server.close(() => resolve(true)));
  });
}
