import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetFacts } from '../../../src/state/facts.ts';
import { WebServer } from '../../../src/web/server.ts';
import { Turns } from '../../../src/web/turns.ts';
import { recordingLog } from '../../support/log.ts';
import { rawConnection } from '../../support/raw-client.ts';
import { event } from '../../support/until.ts';
import { webDuties } from '../../support/web-duties.ts';

const FACTS: TargetFacts = {
  url: 'http://a.test/',
  labels: {},
  intervalMs: 10_000,
  timeoutMs: 5000,
  state: 'unknown',
  stale: false,
  counts: {},
  failures: 0,
  history: [],
};
const PAGES = 50;

test('turns: each is taken after the end of the one before, also of one that failed', async () => {
  const turns = new Turns();
  const said: string[] = [];
  const work = (name: string) => async () => {
    said.push(`${name} begins`);
    await Promise.resolve();
    said.push(`${name} ends`);
    if (name === 'b') throw new Error('b fails');
    return name;
  };
  const taken = ['a', 'b', 'c'].map((name) => turns.take(work(name)));
  const outcomes = await Promise.allSettled(taken);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(said, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

for (const path of ['/', '/api/v1/targets', '/config']) {
  test(`web: a scrape does not wait for ${PAGES} requests for ${path}, nor do those who left get an answer`, async (t) => {
    let made = 0;
    const once = <T>(value: T) => {
      made += 1;
      return value;
    };
    const targets = Array.from({ length: 200 }, () => FACTS);
    const web = new WebServer(
      webDuties({ targets: () => once(targets), config: () => once('a: b\n'.repeat(10_000)) }),
      recordingLog(),
    );
    t.after(() => web.close());
    const { port } = await web.listen({ host: '127.0.0.1', port: 0 });
    const sockets = await Promise.all(Array.from({ length: PAGES }, () => rawConnection(port)));
    const scraper = await rawConnection(port);
    const header = 'HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n';
    for (const socket of sockets) socket.write(`GET ${path} ${header}`);
    scraper.write(`GET /metrics ${header}`);
    await event(scraper, 'data');
    assert.ok(made < PAGES / 2, `${made} of ${PAGES} were made before the scrape`);
    for (const socket of sockets) socket.destroy();
    assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200);
    assert.ok(made < PAGES, `${made} were made`);
  });
}
